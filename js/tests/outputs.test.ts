// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mountSession } from "../src/panel/mount";
import type { MimeRenderer } from "../src/panel/renderer";
import { pair, settled } from "./fake_python";

const bytes = (text: string) => new TextEncoder().encode(text);
let target: HTMLElement;
let blobs: Blob[];

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
  blobs = [];
  URL.createObjectURL = (blob) => `blob:test/${blobs.push(blob as Blob)}`;
  URL.revokeObjectURL = vi.fn();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A session that is shown, and the Python it belongs to. */
async function shown(about: object = {}, renderer: MimeRenderer | null = null) {
  const { client, python } = pair();
  python.tell(0, ["open", 1, { kind: "session", ...about }]);
  await settled();
  const unmount = mountSession(client, 1, target, renderer);
  const tell = async (...messages: unknown[]) => {
    python.tell(1, ...messages);
    await settled();
  };
  const put = (...nodes: object[]) => tell(...nodes.map((node) => ["put", node, null]));
  return { client, python, tell, put, unmount };
}
const find = <E extends HTMLElement = HTMLElement>(selector: string) => target.querySelector<E>(selector);
const textNode = (key: number, text: string, more = {}) => ({ key, kind: "text", text, ...more });
const texts = (within: Element = target) =>
  [...within.querySelectorAll(".nbsession-text")].map((each) => each.textContent);

test("a scope has the original's id", async () => {
  const { put } = await shown();
  await put({ key: 1, kind: "scope", name: "a b" });
  expect(target.querySelector(".nbsession-scope")?.id).toBe("pywebio-scope-a-b");
});

test.each([
  ["websocket", "body"],
  [undefined, ".nbsession-panel"],
])("outputs have the original's classes, also in a notebook (%s)", async (protocol, themed) => {
  if (protocol) document.body.dataset.nbsessionProtocol = protocol;
  const { put, tell } = await shown();
  await tell(["env", {}]);
  await put({ ...BUTTONS, buttons: [{ label: "a", color: "light" }] });
  await put({ ...BUTTONS, key: 2, outline: true, buttons: [{ label: "a" }] });
  const selectors = [".btn.btn-light", ".btn.btn-outline-primary", `${themed}.webio-theme-default`];
  const root = ".pywebio #pywebio-scope-ROOT.markdown-body";
  const found = [root, ...selectors].map((each) => document.querySelectorAll(each).length);
  expect(found).toEqual([1, 1, 1, 1]);
  delete document.body.dataset.nbsessionProtocol;
  document.body.className = "";
});

test("a node goes in front of the one that Python names", async () => {
  const { tell, put } = await shown();
  await put(textNode(1, "a"), textNode(2, "c"));
  await tell(["put", textNode(3, "b"), 2]);
  expect(texts()).toEqual(["a", "b", "c"]);
});

test("scopes hold nodes, and take them along when they go", async () => {
  const { tell, put } = await shown();
  await put(
    { key: 1, kind: "scope", name: "s" },
    textNode(2, "outside"),
    textNode(3, "inside", { parent: 1 }),
  );
  expect(texts(find(".nbsession-scope") as Element)).toEqual(["inside"]);
  await tell(["remove", 1]);
  expect(texts()).toEqual(["outside"]);
});

test("a view that comes late shows the tree as it is", async () => {
  const { client, put, tell } = await shown();
  await put(textNode(1, "b"), { key: 2, kind: "scope", name: "s" }, textNode(3, "deep", { parent: 2 }));
  await tell(["put", textNode(4, "a"), 1]);
  const other = document.createElement("div");
  mountSession(client, 1, other);
  expect(other.querySelector(".nbsession-outputs")?.innerHTML).toBe(
    find(".nbsession-outputs")?.innerHTML.replaceAll(" nbsession-new", ""),
  );
});

const BUTTONS = { key: 1, kind: "buttons", callback: 7, busy: [] };

test("buttons tell Python which of them was clicked", async () => {
  const { put, python } = await shown();
  await put({ ...BUTTONS, buttons: [{ label: "<b>a</b>" }, { label: "b" }] });
  const [first, second] = target.querySelectorAll("button");
  expect(first?.textContent).toBe("<b>a</b>");
  second?.click();
  first?.click();
  await settled();
  expect(python.on(1)).toEqual([
    ["callback", 7, 1],
    ["callback", 7, 0],
  ]);
});

test("a button that was clicked is busy, and is not clicked again", async () => {
  const { put, python } = await shown();
  await put({ ...BUTTONS, buttons: [{ label: "a" }] });
  find("button")?.click();
  find("button")?.click();
  await settled();
  expect(find("button")?.getAttribute("aria-busy")).toBe("true");
  expect(find("button")?.getAttribute("aria-disabled")).toBe("true");
  expect(python.on(1)).toEqual([["callback", 7, 0]]);
});

test("a button whose function has returned is clicked again", async () => {
  const { put, tell, python } = await shown();
  await put({ ...BUTTONS, buttons: [{ label: "a" }] });
  find("button")?.click();
  await settled();
  await tell(["update", 1, { busy: [0] }], ["update", 1, { busy: [] }]);
  expect(find("button")?.hasAttribute("aria-busy")).toBe(false);
  find("button")?.click();
  python.clock.advance(1);
  await settled();
  expect(python.on(1)).toHaveLength(2);
});

test("a button is busy whose function runs on another page's behalf", async () => {
  const { put } = await shown();
  await put({ ...BUTTONS, buttons: [{ label: "a" }, { label: "b" }], busy: [1] });
  const busy = [...target.querySelectorAll("button")].map((each) => each.getAttribute("aria-busy"));
  expect(busy).toEqual([null, "true"]);
});

test("a button that repeats is busy, and is clicked again", async () => {
  const { put, python } = await shown();
  await put({ ...BUTTONS, buttons: [{ label: "a" }], repeat: true });
  find("button")?.click();
  find("button")?.click();
  await settled();
  expect(find("button")?.getAttribute("aria-busy")).toBe("true");
  expect(python.on(1)).toHaveLength(2);
});

test("a button that becomes busy keeps its element, and so the focus", async () => {
  const { put, tell } = await shown();
  await put({ ...BUTTONS, buttons: [{ label: "a" }] });
  const before = find("button");
  await tell(["update", 1, { busy: [0] }]);
  expect(find("button")).toBe(before);
});

test("a session that ends leaves no button busy", async () => {
  const { put, python } = await shown();
  await put({ ...BUTTONS, buttons: [{ label: "a" }], busy: [0] });
  python.tell(1, ["ended", "over", false]);
  await settled();
  expect(find("button")?.hasAttribute("aria-busy")).toBe(false);
});

test("a disabled button is not clicked, nor any when the session has ended", async () => {
  const { put, python } = await shown();
  await put(
    { key: 1, kind: "buttons", callback: 7, buttons: [{ label: "a", disabled: true }, { label: "b" }] },
    { key: 2, kind: "file", callback: 8, label: "f" },
  );
  python.tell(0, ["close", 1, "over"]);
  await settled();
  const buttons = [...target.querySelectorAll<HTMLButtonElement>(".nbsession-outputs button")];
  expect(buttons.map((each) => each.disabled)).toEqual([true, true, true]);
});

test("buttons that change keep the focus", async () => {
  const { put, tell } = await shown();
  await put({ key: 1, kind: "buttons", callback: 7, buttons: [{ label: "a" }, { label: "b" }] });
  target.querySelectorAll<HTMLButtonElement>("button")[1]?.focus();
  await tell(["update", 1, { buttons: [{ label: "a" }, { label: "c" }] }]);
  expect(document.activeElement?.textContent).toBe("c");
});

test("Enter and Space on a button are not the notebook's", async () => {
  const { put } = await shown();
  await put({ key: 1, kind: "buttons", callback: 7, buttons: [{ label: "a" }] });
  const heard: string[] = [];
  const listen = (event: KeyboardEvent) => heard.push(event.key);
  document.addEventListener("keydown", listen);
  for (const key of ["Enter", " ", "Escape"]) {
    find("button")?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
  document.removeEventListener("keydown", listen);
  expect(heard).toEqual(["Escape"]);
});

test("an image's bytes become a file of their type, which is let go with it", async () => {
  const { tell, python } = await shown();
  const node = { key: 1, kind: "image", content: null, type: "image/png", title: "", width: "50%" };
  const specials = [[["content"], "bytes", 0]];
  python.link.send(1, JSON.stringify(["put", node, null, specials]), [bytes("png")], 0);
  python.flush();
  await settled();
  const image = find<HTMLImageElement>("img");
  expect([image?.getAttribute("src"), image?.style.width, blobs[0]?.type]).toEqual([
    "blob:test/1",
    "50%",
    "image/png",
  ]);
  expect(image?.alt).not.toBe("");
  await tell(["remove", 1]);
  expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:test/1");
});

test("a length that is none changes nothing else", async () => {
  const { put } = await shown();
  await put({ key: 1, kind: "image", url: "a.png", width: "1px; position: fixed", title: '"><b>' });
  const image = find<HTMLImageElement>("img");
  expect([image?.getAttribute("style"), image?.alt]).toEqual([null, '"><b>']);
});

test("a progress bar tells its value and its name", async () => {
  const { put, tell } = await shown();
  await put({ key: 1, kind: "progress", value: 0.5, label: null, name: "p" });
  const bar = find("[role=progressbar]");
  expect([bar?.getAttribute("aria-valuenow"), bar?.getAttribute("aria-label")]).toEqual(["50", "p"]);
  await tell(["update", 1, { value: 0.75, label: "loading" }]);
  expect([bar?.getAttribute("aria-valuenow"), bar?.getAttribute("aria-label")]).toEqual(["75", "loading"]);
});

test("HTML is HTML, and is not built again when it has not changed", async () => {
  const { put, tell } = await shown();
  await put({ key: 1, kind: "html", html: "<b>x</b>", sanitize: false });
  const bold = find("b");
  await tell(["update", 1, { html: "<b>x</b>" }]);
  expect(find("b")).toBe(bold);
});

test("program text keeps the indentation of its first line", async () => {
  const { put } = await shown();
  await put({ key: 1, kind: "code", html: "    x = 1\n    y = 2", language: "" });
  expect(find("code")?.textContent).toBe("    x = 1\n    y = 2");
});

test("content goes to the front end's renderer where it has one, else is shown as we can", async () => {
  const dispose = vi.fn();
  const renderer: MimeRenderer = {
    view: (data) =>
      "application/x" in data
        ? { element: Object.assign(document.createElement("p"), { id: "theirs" }), update: () => {}, dispose }
        : null,
  };
  const { put, tell } = await shown({}, renderer);
  await put(
    { key: 1, kind: "mime", data: { "application/x": {}, "text/plain": "ours" } },
    { key: 2, kind: "mime", data: { "text/html": "<b>html</b>" } },
    { key: 3, kind: "mime", data: { "text/plain": "<b>plain</b>" } },
  );
  expect([find("#theirs") !== null, find("b")?.textContent, texts()]).toEqual([
    true,
    "html",
    ["<b>plain</b>"],
  ]);
  await tell(["update", 1, { data: { "text/plain": "ours" } }]);
  expect([dispose.mock.calls.length, texts()[0]]).toEqual([1, "ours"]);
});

test("what set_env says is shown: from the beginning, and when it changes", async () => {
  const { tell } = await shown({ env: { title: "first <i>" } });
  expect(find("[role=heading]")?.textContent).toBe("first <i>");
  await tell(["env", { title: "second", output_max_width: "80%", output_animation: false }]);
  const panel = find(".nbsession-panel");
  expect([find("[role=heading]")?.textContent, panel?.style.maxWidth]).toEqual(["second", "80%"]);
  expect(panel?.classList.contains("nbsession-still")).toBe(true);
});

test("only what is new fades in", async () => {
  const { put, tell } = await shown();
  await put(textNode(1, "new"));
  expect(find(".nbsession-text")?.classList.contains("nbsession-new")).toBe(true);
  await tell(["snapshot", [textNode(1, "again")]]);
  expect(find(".nbsession-text")?.classList.contains("nbsession-new")).toBe(false);
});

test("what came before its view counts as new, once", async () => {
  const { client, python } = pair();
  await python.openSession();
  python.tell(1, ["put", textNode(1, "early"), null]);
  await settled();
  mountSession(client, 1, target);
  expect(find(".nbsession-new")?.textContent).toBe("early");
  const other = document.createElement("div");
  mountSession(client, 1, other);
  expect(other.querySelector(".nbsession-new")).toBeNull();
});

test("a traceback is in sight, a stack is not", async () => {
  const { put } = await shown();
  const error = { kind: "error", name: "E", message: "m", stack: "where", count: 1 };
  await put({ ...error, key: 1, code: "" }, { ...error, key: 2, code: "x()" });
  expect([...target.querySelectorAll("details")].map((each) => each.open)).toEqual([true, false]);
});

test("new output of the root scrolls into sight when that was asked for", async () => {
  const scrolled = vi.fn();
  HTMLElement.prototype.scrollIntoView = scrolled;
  const { put, tell } = await shown();
  await put(textNode(1, "a"), { key: 2, kind: "scope", name: "s" });
  await tell(["env", { auto_scroll_bottom: true }]);
  await put(textNode(3, "in the scope", { parent: 2 }));
  await new Promise(requestAnimationFrame);
  expect(scrolled).not.toHaveBeenCalled();
  await put(textNode(4, "b"));
  await vi.waitFor(() => expect(scrolled).toHaveBeenCalledWith({ block: "end" }));
});

test("a scope is scrolled to where Python wants it", async () => {
  const scrolled: unknown[] = [];
  HTMLElement.prototype.scrollIntoView = function (this: HTMLElement, options: unknown) {
    scrolled.push([this.dataset.scope, (options as ScrollIntoViewOptions).block]);
  } as typeof HTMLElement.prototype.scrollIntoView;
  const { put, tell } = await shown();
  await put({ key: 1, kind: "scope", name: "s" });
  await tell(["scroll", 1, "middle"]);
  expect(scrolled).toEqual([["s", "center"]]);
});

test("an app's view asks for a new session, once, also after the app has ended", async () => {
  const { python } = await shown({ app: "main" });
  python.tell(1, ["ended", "the app has ended", true]);
  await settled();
  const restart = find<HTMLButtonElement>(".nbsession-restart");
  restart?.click();
  restart?.click();
  await settled();
  expect(python.on(0)).toEqual([["restart", 1]]);
});

const press = (label: string) =>
  [...target.querySelectorAll("button")].find((each) => each.textContent === label)?.click();

test("an app that is still open asks before it is ended", async () => {
  const { python } = await shown({ app: "main" });
  press("New session");
  await settled();
  const before = python.on(0);
  press("End it and start a new one");
  await settled();
  expect([before, python.on(0)]).toEqual([[], [["restart", 1]]]);
});

test("a new session that is not wanted is not asked for", async () => {
  const { python } = await shown({ app: "main" });
  press("New session");
  press("Cancel");
  await settled();
  expect(find("button")?.textContent).toBe("New session");
  expect(python.on(0)).toEqual([]);
});

test("Escape cancels a new session, and is not the notebook's", async () => {
  await shown({ app: "main" });
  press("New session");
  const listen = vi.fn();
  document.addEventListener("keydown", listen);
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  document.removeEventListener("keydown", listen);
  expect(document.activeElement?.textContent).toBe("New session");
  expect(listen).not.toHaveBeenCalled();
});

test("a session that ends while the reader is asked asks no more", async () => {
  const { python } = await shown({ app: "main" });
  press("New session");
  python.tell(1, ["ended", "the app has ended", true]);
  await settled();
  expect([...target.querySelectorAll("button")].map((each) => each.textContent)).toEqual(["New session"]);
});

test("an app can hide the button for a new session", async () => {
  const { tell } = await shown({ app: "main" });
  await tell(["env", { new_session: false }]);
  expect(find(".nbsession-restart")).toBe(null);
});

test("an app that cannot begin anew offers no new session", async () => {
  const { python } = await shown({ app: "main" });
  python.tell(1, ["ended", "closed by the program", false]);
  await settled();
  expect(find(".nbsession-restart")).toBe(null);
});

test("an app whose session was closed offers no new session", async () => {
  const { python } = await shown({ app: "main" });
  python.tell(0, ["close", 1, "the kernel was restarted"]);
  await settled();
  expect(find(".nbsession-restart")).toBe(null);
});

test("a cell's view offers no new session", async () => {
  await shown();
  expect([find("button"), find(".nbsession-header")?.hidden]).toEqual([null, true]);
});

test("an output that cannot be shown says so, and stops no other", async () => {
  const renderer: MimeRenderer = {
    view: () => {
      throw new Error("no such renderer");
    },
  };
  const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
  const { put } = await shown({}, renderer);
  await put(
    { key: 1, kind: "mime", data: { "application/x-test": 1 } },
    { key: 2, kind: "text", text: "after" },
  );
  expect(target.textContent).toContain("This output could not be shown: Error: no such renderer");
  expect(target.textContent).toContain("after");
  expect(quiet).toHaveBeenCalled();
  quiet.mockRestore();
});
