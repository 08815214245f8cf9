// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { settled } from "./fake_python";
import { showSession } from "./shown_session";

let target: HTMLElement;
let cell: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = `
    <button id="elsewhere"></button>
    <div class="jp-Notebook" tabindex="0">
      <div class="jp-Cell" tabindex="0"><button id="before"></button><div id="shown"></div></div>
      <div class="jp-Cell" tabindex="0"><textarea id="editor"></textarea></div>
    </div>`;
  target = document.getElementById("shown") as HTMLElement;
  cell = target.parentElement as HTMLElement;
});

afterEach(() => {
  for (const name of ["showModal", "close"]) Reflect.deleteProperty(HTMLDialogElement.prototype, name);
});

/** Let the session be shown outside of a notebook, by a browser that has modal dialogs. */
function served(): { closed: (dialog: HTMLDialogElement) => void } {
  document.body.append(target);
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      if (this.open) throw new Error("it is open");
      if (!this.isConnected) throw new Error("it is not in the document");
      this.open = true;
      this.dataset.modal = "true";
    },
    close(this: HTMLDialogElement) {
      this.open = false;
      delete this.dataset.modal;
    },
  });
  const closed = (dialog: HTMLDialogElement) => {
    dialog.close();
    dialog.dispatchEvent(new Event("close"));
  };
  return { closed };
}

const popup = {
  key: 1,
  kind: "popup",
  title: "<b>Title</b>",
  size: "normal",
  closable: true,
  implicit_close: true,
  callback: 7,
};
const words = { key: 2, kind: "text", text: "inside", parent: 1, slot: 0 };
const buttons = { key: 3, kind: "buttons", callback: 8, buttons: [{ label: "go" }], parent: 1, slot: 0 };
const find = <E extends HTMLElement = HTMLElement>(selector: string) => document.querySelector<E>(selector);
const dialog = () => find<HTMLDialogElement>("dialog") as HTMLDialogElement;
const focus = (selector: string) => find(selector)?.focus();
const focused = () => document.activeElement;
const press = (key: string, place: Element = dialog()) =>
  place.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const callbacks = async (python: { on(channel: number): unknown[][] }) => {
  await settled();
  return python.on(1);
};
const click = (place: Element | null | undefined, down = place) => {
  down?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
  place?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
};

// -- what it shows

test("a popup has its title, its size and its outputs", async () => {
  const { put, tell } = await showSession(target);
  await put(popup, words);
  expect(find(`#${dialog().getAttribute("aria-labelledby")}`)?.textContent).toBe("<b>Title</b>");
  expect(find(".nbsession-popup-body")?.textContent).toBe("inside");
  expect([dialog().open, dialog().className]).toEqual([true, "nbsession-popup-normal"]);
  await tell(["update", 1, { size: "large", title: "New" }]);
  expect([dialog().className, find(".nbsession-popup-title")?.textContent]).toEqual([
    "nbsession-popup-large",
    "New",
  ]);
});

test("a popup stands in a scope, too", async () => {
  const { put } = await showSession(target);
  await put({ key: 9, kind: "scope", name: "s" }, { ...popup, parent: 9 });
  expect(find(".nbsession-scope dialog")).not.toBeNull();
});

test.each([
  [{ title: null, size: "constructor", closable: "x", implicit_close: 1, callback: {} }],
  [{ title: {}, size: [], closable: null, implicit_close: null, callback: "7" }],
])("a popup with %j is shown as far as possible", async (more) => {
  const failed = vi.spyOn(console, "error");
  const { put, tell } = await showSession(target);
  await put({ ...popup, ...more }, words);
  await tell(["update", 1, more]);
  expect([dialog().className, find(".nbsession-popup-body")?.textContent]).toEqual([
    "nbsession-popup-normal",
    "inside",
  ]);
  expect(failed).not.toHaveBeenCalled();
});

// -- where it is modal

test("a popup outside of a notebook is modal, one in a notebook is not", async () => {
  served();
  const { put } = await showSession(target);
  await put(popup);
  expect([dialog().dataset.modal, find(".nbsession-popup-modal") !== null]).toEqual(["true", true]);
});

test.each(["jp-Notebook", "lm-Widget"])("a popup in a %s covers its view only", async (place) => {
  served();
  const around = document.createElement("div");
  around.className = place;
  document.body.append(around);
  around.append(target);
  const { put } = await showSession(target);
  await put(popup);
  expect([dialog().dataset.modal, dialog().open]).toEqual([undefined, true]);
});

test("a popup in a hidden element does not block the page", async () => {
  served();
  const { put } = await showSession(target);
  HTMLElement.prototype.checkVisibility = () => false;
  await put(popup);
  Reflect.deleteProperty(HTMLElement.prototype, "checkVisibility");
  expect(dialog().dataset.modal).toBeUndefined();
});

test("a popup is modal as soon as its view is in the document, and again when that moves", async () => {
  served();
  target.remove();
  const { put } = await showSession(target);
  await put(popup);
  expect(target.querySelector("dialog")?.open).toBe(false);
  document.body.append(target);
  expect(dialog().dataset.modal).toBe("true");
  delete dialog().dataset.modal; // as the browser does
  document.body.prepend(target);
  expect([dialog().open, dialog().dataset.modal]).toEqual([true, "true"]);
});

// -- closing

test("a popup that the reader closes is hidden at once, and Python hears of it, once", async () => {
  const { put, tell, python } = await showSession(target);
  await put(popup);
  find("[aria-label=Close]")?.click();
  expect([dialog().open, find(".nbsession-popup")?.hidden]).toEqual([false, true]);
  press("Escape");
  expect(await callbacks(python)).toEqual([["callback", 7, null]]);
  await tell(["update", 1, { title: "x" }]);
  expect(find(".nbsession-popup")?.hidden).toBe(true);
});

test("Escape closes a popup", async () => {
  const { put, python } = await showSession(target);
  await put(popup);
  expect(press("Escape")).toBe(false);
  expect(await callbacks(python)).toEqual([["callback", 7, null]]);
});

test("Escape that something in the popup uses does not close it", async () => {
  const { put } = await showSession(target);
  await put(popup, buttons);
  const inner = find(".nbsession-popup-body button") as HTMLElement;
  inner.addEventListener("keydown", (event) => event.preventDefault());
  press("Escape", inner);
  expect(dialog().open).toBe(true);
});

test("a popup that is not closable has no button, and stays", async () => {
  const { closed } = served();
  const { put, python } = await showSession(target);
  await put({ ...popup, closable: false });
  expect(find("[aria-label=Close]")?.hidden).toBe(true);
  press("Escape");
  dialog().dispatchEvent(new Event("cancel", { cancelable: true }));
  click(dialog());
  closed(dialog());
  expect([dialog().open, dialog().dataset.modal, await callbacks(python)]).toEqual([true, "true", []]);
});

test("a browser's other ways to close a modal popup close it", async () => {
  const { closed } = served();
  const { put, python } = await showSession(target);
  await put(popup, { ...popup, key: 2, callback: 8 });
  const [first, second] = document.querySelectorAll("dialog");
  first?.dispatchEvent(new Event("cancel", { cancelable: true }));
  closed(second as HTMLDialogElement);
  python.clock.advance(1);
  expect((await callbacks(python)).map((each) => each[1])).toEqual([7, 8]);
});

test("a file that is not chosen closes no popup", async () => {
  served();
  const { put } = await showSession(target);
  await put(popup, buttons);
  find(".nbsession-popup-body button")?.dispatchEvent(new Event("cancel", { bubbles: true }));
  expect(dialog().open).toBe(true);
});

test.each([
  ["the backdrop of a modal popup", true, "dialog"],
  ["what a notebook's popup covers", false, ".nbsession-popup"],
])("a click on %s closes it", async (_what, out, place) => {
  if (out) served();
  const { put, python } = await showSession(target);
  await put(popup, words);
  click(find(".nbsession-popup-body"));
  expect(dialog().open).toBe(true);
  click(find(place), find(".nbsession-popup-body")); // text that is selected
  expect(dialog().open).toBe(true);
  click(find(place));
  expect([dialog().open, await callbacks(python)]).toEqual([false, [["callback", 7, null]]]);
});

test("a click beside a popup does not close it without implicit_close", async () => {
  const { put } = await showSession(target);
  await put({ ...popup, implicit_close: false });
  click(find(".nbsession-popup"));
  expect(dialog().open).toBe(true);
});

test("when the session has ended, each popup can be closed, on the page only", async () => {
  const { put, tell, python } = await showSession(target);
  await put({ ...popup, closable: false });
  await tell(["ended", "over", false]);
  expect(find("[aria-label=Close]")?.hidden).toBe(false);
  find("[aria-label=Close]")?.click();
  expect([dialog().open, await callbacks(python)]).toEqual([false, []]);
});

// -- the keyboard

test("keys in a notebook's popup are not the notebook's", async () => {
  const { put } = await showSession(target);
  await put(popup, buttons);
  const outside = vi.fn();
  document.addEventListener("keydown", outside);
  for (const key of ["a", "Enter", "Escape", "ArrowDown"])
    press(key, find(".nbsession-popup-body button") as Element);
  document.removeEventListener("keydown", outside);
  expect(outside).not.toHaveBeenCalled();
  expect(dialog().dataset.lmSuppressShortcuts).toBe("true");
});

test("the focus goes to the first control in a popup, and back when the reader closes it", async () => {
  const { put } = await showSession(target);
  focus("#before");
  await put(popup, words, buttons);
  expect(focused()?.textContent).toBe("go");
  press("Escape");
  expect(focused()?.id).toBe("before");
});

test("a popup without controls has the focus itself, and returns it when Python removes it", async () => {
  const { put, tell } = await showSession(target);
  focus("#before");
  await put(popup, words);
  expect(focused()).toBe(dialog());
  await tell(["remove", 1]);
  expect([focused()?.id, find("dialog")]).toEqual(["before", null]);
});

test("if there is nothing to return the focus to, the cell gets it", async () => {
  const { put, tell } = await showSession(target);
  focus("#before");
  await put(popup);
  find("#before")?.remove();
  await tell(["remove", 1]);
  expect(focused()).toBe(cell);
});

test("a popup that goes without the focus leaves it where it is", async () => {
  const { put, tell } = await showSession(target);
  focus("#before");
  await put(popup);
  focus("#editor");
  await tell(["remove", 1]);
  expect(focused()?.id).toBe("editor");
});

test("a popup in a cell does not take the keyboard from a reader in another one", async () => {
  const { put } = await showSession(target);
  focus("#editor");
  await put(popup, buttons);
  expect(focused()?.id).toBe("editor");
});

test("a modal popup takes the focus from anywhere, and returns it", async () => {
  served();
  const { put } = await showSession(target);
  focus("#elsewhere");
  await put(popup, buttons);
  expect(focused()?.textContent).toBe("go");
  press("Escape");
  expect(focused()?.id).toBe("elsewhere");
});

test("the Tab key stays in a popup: at its end it goes to the beginning, and the other way round", async () => {
  const { put } = await showSession(target);
  focus("#before");
  await put(popup, buttons);
  const [start, end] = document.querySelectorAll<HTMLElement>(".nbsession-popup > span");
  end?.focus();
  expect(focused()?.getAttribute("aria-label")).toBe("Close");
  start?.focus();
  expect(focused()?.textContent).toBe("go");
  // From outside, it goes on in the same direction.
  focus("#before");
  start?.focus();
  expect(focused()?.getAttribute("aria-label")).toBe("Close");
});
