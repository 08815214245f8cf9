import type { Clock } from "../page/clock";

/** Browsers drop clicks on downloads that follow one another too closely. In seconds. */
const BETWEEN_CLICKS = 0.2;
/** How long a browser may take to begin reading a file that it was told to save. In seconds. */
const KEEP_URL = 60;

/** When the document's next click may come: all bridges of a document share it, whatever bundle they came from. */
const NEXT = Symbol.for("nbsession.nextClick");
const shared = globalThis as { [NEXT]?: number };

/** Hand a file to the browser's download manager; `done` is called when it has been, or with what went wrong. */
export function saveFile(file: Blob, name: string, clock: Clock, done: (error?: unknown) => void): void {
  const now = clock.now();
  const at = Math.max(now, shared[NEXT] ?? 0);
  shared[NEXT] = at + BETWEEN_CLICKS;
  const save = () => {
    try {
      click(file, name, clock);
      done();
    } catch (error) {
      done(error);
    }
  };
  if (at > now) clock.setTimer(save, at - now);
  else save();
}

function click(file: Blob, name: string, clock: Clock): void {
  const url = URL.createObjectURL(file);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.style.display = "none";
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  clock.setTimer(() => URL.revokeObjectURL(url), KEEP_URL);
}
