import type { Channels } from "../session/channels";
import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { sizeText } from "./size";

/** A download's name, progress and result. */
export function downloadView(node: OutputNode, channels: Channels): NodeView {
  const name = element("span", "nbsession-name");
  const state = element("span", "nbsession-state");
  const filled = element("div", "nbsession-filled");
  const bar = element("div", "nbsession-bar", filled);
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  const title = element("div", "nbsession-title", name, state);
  const shown = element("div", "nbsession-node nbsession-box nbsession-download", title, bar);

  let download = channels.download(node.channel);
  let current = node;
  let frame = 0;

  const progress = () => {
    frame = 0;
    const size = typeof current.size === "number" ? current.size : null;
    const received = download?.received ?? 0;
    const running = current.state === "running";
    const share = size ? Math.min(100, Math.floor((100 * received) / size)) : null;
    shown.dataset.state = text(current.state);
    state.textContent = stateText(current, received, size, download?.waiting === true);
    bar.hidden = !running;
    bar.classList.toggle("nbsession-unknown", share === null || !download);
    if (share === null) bar.removeAttribute("aria-valuenow");
    else bar.setAttribute("aria-valuenow", String(share));
    bar.setAttribute("aria-valuetext", state.textContent);
    filled.style.width = share === null ? "" : `${share}%`;
  };
  const soon = () => {
    frame ||= requestAnimationFrame(progress);
  };
  const update = (changed: OutputNode) => {
    current = changed;
    name.textContent = text(changed.name) || "download";
    name.title = name.textContent;
    bar.setAttribute("aria-label", `Download of ${name.textContent}`);
    progress();
  };
  download?.watchers.add(soon);
  const unwatch = channels.watch(() => {
    if (download) return;
    download = channels.download(current.channel);
    download?.watchers.add(soon);
  });
  update(node);
  const dispose = () => {
    unwatch();
    download?.watchers.delete(soon);
    cancelAnimationFrame(frame);
  };
  return { element: shown, update, end: dispose, dispose };
}

function stateText(node: OutputNode, received: number, size: number | null, waiting: boolean): string {
  if (node.state === "saved")
    return ["Saved", size === null ? "" : sizeText(size)].filter(Boolean).join(" · ");
  if (node.state === "failed") return ["Failed", text(node.text)].filter(Boolean).join(": ");
  const far = size === null ? sizeText(received) : `${sizeText(received)} of ${sizeText(size)}`;
  return waiting ? `${far} · waiting until the browser has room` : far;
}
