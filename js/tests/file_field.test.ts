// @vitest-environment jsdom
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Control, ControlHost } from "../src/panel/fields/control";
import type { Field } from "../src/panel/fields/field";
import { fileControl } from "../src/panel/fields/file";
import type { Surroundings } from "../src/panel/surroundings";
import { Uploads } from "../src/session/uploads";

beforeAll(() => {
  // jsdom's Blob does not know it.
  Blob.prototype.arrayBuffer ??= function (this: Blob) {
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as ArrayBuffer);
      reader.readAsArrayBuffer(this);
    });
  };
});

/** A form or pin with a file field, and Python, which stores what it gets unless it is told not to. */
class Stage {
  readonly events: unknown[][] = [];
  readonly faults: string[] = [];
  changes = 0;
  answer: "stored" | "stopped" | null = "stored";
  readonly uploads = new Uploads((text) => {
    const [, , event, ...rest] = JSON.parse(text);
    this.events.push([event, ...rest]);
    if (event !== "uploaded" || !this.answer) return;
    const { answer } = this;
    queueMicrotask(() => this.uploads.receive([answer, rest[0], "no room"]));
  });

  control(field: Partial<Field> = {}, place: "form" | "div" = "form"): Control {
    const host: ControlHost = {
      key: 7,
      around: { uploads: this.uploads } as Surroundings,
      changed: () => {
        this.changes += 1;
      },
      pressed: () => {},
      replaced: () => {},
      fault: (text) => this.faults.push(text),
    };
    const made = fileControl({ name: "f", type: "file", ...field }, host);
    const around = document.createElement(place);
    around.append(made.element);
    document.body.replaceChildren(around);
    return made;
  }

  named(event: string): unknown[] {
    return this.events.filter((each) => each[0] === event).map((each) => each[1]);
  }
}

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

const file = (name: string, size = 3, type = "text/plain") =>
  new File(["x".repeat(size)], name, { type, lastModified: 5 });

/** Let the reader choose files in the browser's dialog. */
function choose({ target }: Control, ...files: File[]): void {
  Object.defineProperty(target, "files", { value: files, configurable: true });
  target?.dispatchEvent(new Event("change", { bubbles: true }));
}

function drag(kind: string, files: File[] = [], items: object[] = []): Event {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: ["Files"], files, items, dropEffect: "" } });
  document.querySelector(".nbsession-files-zone")?.dispatchEvent(event);
  return event;
}

const rows = () =>
  [...document.querySelectorAll<HTMLElement>(".nbsession-upload")].map((each) =>
    [".nbsession-upload-name", ".nbsession-state", ".nbsession-fault"]
      .map((part) => each.querySelector(part)?.textContent)
      .join("|"),
  );
const removers = () => [...document.querySelectorAll<HTMLButtonElement>(".nbsession-upload-remove")];
const bar = () => document.querySelector<HTMLElement>(".nbsession-bar");
const signal = () => new AbortController().signal;
const pause = () => new Promise((resolve) => setTimeout(resolve));

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await pause();
}

test("files that are chosen are listed with their size", () => {
  choose(stage.control({ multiple: true }), file("a.txt"), file("b.txt", 2000));
  expect(rows()).toEqual(["a.txt|3 bytes|", "b.txt|2 kB|"]);
});

test("in a form, nothing is uploaded before it is submitted", async () => {
  const control = stage.control();
  choose(control, file("a.txt"));
  await pause();
  expect([stage.events, control.read()]).toEqual([[], []]);
});

test("a form uploads when it is submitted, and gets the numbers in the order of the list", async () => {
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"), file("b.txt"));
  const numbers = await control.prepare?.(signal());
  const [first, second] = stage.named("uploaded");
  expect(numbers).toEqual([first, second]);
  expect(rows()).toEqual(["a.txt|3 bytes, uploaded|", "b.txt|3 bytes, uploaded|"]);
});

test("what has been uploaded is not sent again", async () => {
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"));
  const before = await control.prepare?.(signal());
  choose(control, file("b.txt"));
  const after = await control.prepare?.(signal());
  expect(stage.named("upload").length).toBe(2);
  expect(after).toEqual([...(before as number[]), stage.named("uploaded")[1]]);
});

test("a pin uploads what is chosen, and tells when it is there", async () => {
  const control = stage.control({}, "div");
  choose(control, file("a.txt"));
  const before = stage.changes;
  await until(() => stage.changes > before);
  expect(control.read()).toEqual(stage.named("uploaded"));
});

test("files that are chosen together in a pin are one change, when all are there", async () => {
  const control = stage.control({ multiple: true }, "div");
  choose(control, file("a.txt"), file("b.txt"));
  expect(stage.changes).toBe(0);
  await until(() => stage.changes > 0);
  await pause();
  expect([stage.changes, control.read()]).toEqual([1, stage.named("uploaded")]);
});

test("the file of a pin is its value until the next one is there", async () => {
  const control = stage.control({}, "div");
  choose(control, file("a.txt"));
  await until(() => stage.changes === 1);
  choose(control, file("b.txt"));
  expect(stage.changes).toBe(1);
  await until(() => stage.changes === 2);
  expect(control.read()).toEqual(stage.named("uploaded").slice(1));
});

test("a pin tells at once that a file was removed", async () => {
  const control = stage.control({}, "div");
  choose(control, file("a.txt"));
  await until(() => stage.changes === 1);
  removers()[0]?.click();
  expect([stage.changes, control.read()]).toEqual([2, []]);
});

test("a field for one file takes the newest", async () => {
  const control = stage.control();
  choose(control, file("a.txt"));
  await control.prepare?.(signal());
  choose(control, file("b.txt"));
  expect(rows()).toEqual(["b.txt|3 bytes|"]);
  expect(stage.named("discard")).toEqual(stage.named("uploaded"));
});

test("a field for several files adds to them, each once", () => {
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"));
  choose(control, file("a.txt"), file("b.txt"));
  expect(rows()).toEqual(["a.txt|3 bytes|", "b.txt|3 bytes|"]);
});

test("the same file can be chosen again: the browser's control is emptied", () => {
  const control = stage.control();
  choose(control, file("a.txt"));
  expect((control.target as HTMLInputElement).value).toBe("");
});

test("a file that is removed is taken back, and is no part of the value", async () => {
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"), file("b.txt"));
  await control.prepare?.(signal());
  const [first, second] = stage.named("uploaded");
  removers()[0]?.click();
  expect(control.read()).toEqual([second]);
  expect(stage.named("discard")).toEqual([first]);
});

test("the focus goes to the next file's button, and from the last to the control", () => {
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"), file("b.txt"));
  removers()[0]?.focus();
  removers()[0]?.click();
  expect(document.activeElement).toBe(removers()[0]);
  removers()[0]?.click();
  expect(document.activeElement).toBe(control.target);
});

test("the progress is shown while a file is uploaded", async () => {
  stage.answer = null;
  const control = stage.control();
  choose(control, file("a.txt", 4_194_304));
  expect(bar()?.hidden).toBe(true);
  void control.prepare?.(signal());
  await until(() => stage.named("piece").length === 4);
  stage.uploads.receive(["granted", stage.named("upload").length && stage.events[0]?.[2], 3_145_728]);
  expect(rows()).toEqual(["a.txt|4.2 MB, 25%|"]);
  expect(bar()?.hidden).toBe(false);
  expect(bar()?.getAttribute("aria-valuenow")).toBe("25");
});

test("what Python says against a file stands at the file, and the form is not submitted", async () => {
  stage.answer = "stopped";
  const control = stage.control();
  choose(control, file("a.txt"));
  await expect(control.prepare?.(signal())).rejects.toThrow("a.txt could not be uploaded.");
  expect(rows()).toEqual(["a.txt|3 bytes|no room"]);
});

test("the next submit tries again", async () => {
  stage.answer = "stopped";
  const control = stage.control();
  choose(control, file("a.txt"));
  await control.prepare?.(signal()).catch(() => {});
  stage.answer = "stored";
  expect(await control.prepare?.(signal())).toEqual([stage.named("uploaded")[1]]);
  expect(rows()).toEqual(["a.txt|3 bytes, uploaded|"]);
});

test("when the reader stops the form, what is on its way is taken back, and sent by the next submit", async () => {
  stage.answer = null;
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"), file("b.txt"));
  const stop = new AbortController();
  const prepared = control.prepare?.(stop.signal);
  await until(() => stage.named("uploaded").length === 1);
  stop.abort();
  await prepared;
  expect(stage.named("discard")).toEqual(stage.named("uploaded"));
  stage.answer = "stored";
  expect(await control.prepare?.(signal())).toHaveLength(2);
});

test("a failed file stops the others", async () => {
  stage.answer = "stopped";
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"), file("b.txt"));
  await control.prepare?.(signal()).catch(() => {});
  await pause();
  expect(stage.named("upload").length).toBe(1);
});

test("a file above the limit is told at once, and holds up the form", () => {
  const control = stage.control({ max_size: 1000 });
  choose(control, file("a.txt", 1001));
  expect(rows()).toEqual(["a.txt|1 kB|Larger than 1 kB, the most that a file may have."]);
  expect(control.fault()).toBe("Please remove what cannot be uploaded.");
  removers()[0]?.click();
  expect(control.fault()).toBe("");
});

test("a pin does not upload what is above the limit", async () => {
  choose(stage.control({ max_size: 1000, multiple: true }, "div"), file("a.txt", 1001), file("b.txt"));
  await until(() => stage.named("uploaded").length === 1);
  expect(stage.events[0]?.[3]).toMatchObject({ name: "b.txt" });
});

test("files that are too large together are told at the field", () => {
  const control = stage.control({ max_total_size: 5, multiple: true });
  choose(control, file("a.txt"), file("b.txt"));
  expect(stage.faults.at(-1)).toBe("The files have 6 bytes together. They may have at most 5 bytes.");
  removers()[0]?.click();
  expect(stage.faults.at(-1)).toBe("");
});

test("a pin uploads nothing while its files are too large together", async () => {
  choose(stage.control({ max_total_size: 5, multiple: true }, "div"), file("a.txt"), file("b.txt"));
  await pause();
  expect(stage.events).toEqual([]);
});

test.each([
  [".txt", "a.TXT", "", true],
  [".csv", "a.txt", "text/plain", false],
  ["image/*", "a.png", "image/png", true],
  ["image/*", "a.txt", "text/plain", false],
  ["text/plain", "a", "text/plain;charset=utf-8", true],
  ["image/*, .txt", "a.txt", "text/plain", true],
  ["image/png", "a", "", true],
  ["*/*", "a.txt", "text/plain", true],
  ["", "a.txt", "text/plain", true],
  [" , ", "a.txt", "text/plain", true],
])("of accept=%j, %s with the type %j is accepted: %j", (accept, name, type, accepted) => {
  const control = stage.control({ accept });
  choose(control, file(name, 3, type));
  expect(control.fault() === "").toBe(accepted);
});

test("a required field needs a file", () => {
  const control = stage.control({ required: true });
  expect(control.fault()).toBe("Please choose a file.");
  choose(control, file("a.txt"));
  expect(control.fault()).toBe("");
});

test("files can be dropped onto it, and the browser does not leave the page for them", () => {
  stage.control({ multiple: true });
  expect(drag("dragover").defaultPrevented).toBe(true);
  expect(drag("drop", [file("a.txt")]).defaultPrevented).toBe(true);
  expect(rows()).toEqual(["a.txt|3 bytes|"]);
});

test("several files that are dropped onto a field for one are refused", () => {
  stage.control();
  drag("drop", [file("a.txt"), file("b.txt")]);
  expect([rows(), stage.faults]).toEqual([[], ["Please choose only one file."]]);
});

test("folders that are dropped are refused, the files beside them are not", () => {
  stage.control({ multiple: true });
  const items = [true, false].map((isDirectory) => ({
    kind: "file",
    webkitGetAsEntry: () => ({ isDirectory }),
  }));
  drag("drop", [file("folder", 0), file("a.txt")], items);
  expect(rows()).toEqual(["a.txt|3 bytes|"]);
  expect(stage.faults.at(-1)).toBe("Folders cannot be uploaded, only files.");
});

test("a locked control takes nothing", () => {
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"));
  control.lock(true);
  drag("drop", [file("b.txt")]);
  removers()[0]?.click();
  expect(rows().length).toBe(1);
  expect((control.target as HTMLInputElement).disabled).toBe(true);
});

test("another view of a pin shows what has been uploaded", async () => {
  const control = stage.control({}, "div");
  choose(control, file("a.txt"));
  await until(() => control.read() !== null && (control.read() as number[]).length === 1);
  const value = control.read();
  const other = stage.control({}, "div");
  other.write(value);
  expect([other.read(), rows()]).toEqual([value, ["a.txt|3 bytes, uploaded|"]]);
});

test("a value of which this page knows nothing is empty", () => {
  const control = stage.control();
  control.write([123]);
  expect([control.read(), rows()]).toEqual([[], []]);
});

test("a reset takes all files back", async () => {
  const control = stage.control();
  choose(control, file("a.txt"));
  await control.prepare?.(signal());
  control.write([]);
  expect([rows(), stage.named("discard")]).toEqual([[], stage.named("uploaded")]);
});

test("a control that goes takes back what is on its way, and leaves what has been uploaded", async () => {
  const control = stage.control({ multiple: true });
  choose(control, file("a.txt"));
  await control.prepare?.(signal());
  stage.answer = null;
  choose(control, file("b.txt"));
  void control.prepare?.(signal());
  await until(() => stage.named("uploaded").length === 2);
  control.dispose?.();
  expect(stage.named("discard")).toEqual([stage.named("uploaded")[1]]);
});

test("an update changes what is accepted, and keeps what has been chosen", () => {
  const control = stage.control();
  choose(control, file("a.txt"));
  control.update({ name: "f", type: "file", accept: ".csv", placeholder: "Your table", required: true });
  expect(rows()).toEqual(["a.txt|3 bytes|Not a file of the kind that is asked for."]);
  expect(document.querySelector(".nbsession-files-button")?.textContent).toBe("Your table");
  expect((control.target as HTMLInputElement).accept).toBe(".csv");
});

test("names are text", () => {
  choose(stage.control(), file("<b>x</b>.txt"));
  expect(rows()).toEqual(["<b>x</b>.txt|3 bytes|"]);
});
