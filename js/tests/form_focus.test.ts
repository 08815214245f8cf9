// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { form, showSession } from "./shown_session";

const FIELD = { name: "a", type: "text", label: "a", value: "" };
let target: HTMLElement;
let cell: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = `
    <textarea id="elsewhere"></textarea>
    <div class="jp-Notebook" tabindex="0">
      <div class="jp-Cell" tabindex="0"><div id="shown"></div></div>
      <div class="jp-Cell" tabindex="0"><textarea id="editor"></textarea></div>
    </div>`;
  target = document.getElementById("shown") as HTMLElement;
  cell = target.parentElement as HTMLElement;
});

const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
const focused = () => target.contains(document.activeElement);
/** Let the session be shown outside of a notebook. */
const served = () => document.body.append(target);

test("a form in a cell takes no focus while the reader works in another cell", async () => {
  const { put } = await showSession(target);
  focus("#editor");
  await put(form([FIELD]));
  expect(focused()).toBe(false);
});

test("a form in the active cell takes no focus while the reader is outside of the notebook", async () => {
  const { put } = await showSession(target);
  cell.classList.add("jp-mod-active");
  focus("#elsewhere");
  await put(form([FIELD]));
  expect(focused()).toBe(false);
});

test("a form takes the focus if the notebook has it and the form's cell is active", async () => {
  const { put } = await showSession(target);
  cell.classList.add("jp-mod-active");
  focus(".jp-Notebook");
  await put(form([FIELD]));
  expect(focused()).toBe(true);
});

test("a form takes the focus if the reader is in its cell", async () => {
  const { put } = await showSession(target);
  cell.focus();
  await put(form([FIELD]));
  expect(focused()).toBe(true);
});

test("when a form that has the focus goes, its cell gets it, and then the next form", async () => {
  const { put, tell } = await showSession(target);
  cell.focus();
  await put(form([FIELD]));
  await tell(["remove", 1]);
  expect(document.activeElement).toBe(cell);
  await put(form([FIELD], { key: 2 }));
  expect(focused()).toBe(true);
});

test("a form that goes without having the focus leaves it where it is", async () => {
  const { put, tell } = await showSession(target);
  await put(form([FIELD]));
  focus("#editor");
  await tell(["remove", 1]);
  expect(document.activeElement?.id).toBe("editor");
});

test("on a served page, a form takes the focus, in the field that wants it", async () => {
  served();
  const { put } = await showSession(target);
  await put(form([FIELD, { ...FIELD, name: "b", focus: true }]));
  expect(document.activeElement).toBe(target.querySelectorAll("input")[1]);
});

test("on a served page, a form takes no focus without input_auto_focus", async () => {
  served();
  const { put } = await showSession(target, { env: { input_auto_focus: false } });
  await put(form([FIELD]));
  expect(focused()).toBe(false);
});

test("on a served page, a form does not take the focus from where the reader types", async () => {
  served();
  const { put } = await showSession(target);
  focus("#elsewhere");
  await put(form([FIELD]));
  expect(focused()).toBe(false);
});

test("a newer form takes the focus from the one that it replaces", async () => {
  served();
  const { put } = await showSession(target);
  await put(form([FIELD]));
  await put(form([FIELD], { key: 2 }));
  expect(document.activeElement).toBe(target.querySelector("form:not([hidden]) input"));
});

test("buttons alone take no focus by themselves", async () => {
  served();
  const { put } = await showSession(target);
  await put(form([{ name: "a", type: "actions", label: "", buttons: [{ label: "Delete" }] }]));
  expect(focused()).toBe(false);
});

test.each([
  ["a cell's form", {}, false, [false, false]],
  ["the form of an app in a cell", { app: "x" }, false, [true, false]],
  ["the form of a served app", { app: "x" }, true, [true, true]],
  ["without input_panel_fixed, it", { app: "x", env: { input_panel_fixed: false } }, true, [true, false]],
])(
  "%s stands in a panel, and sticks to the bottom (%j, served: %s): %j",
  async (_what, about, out, expected) => {
    if (out) served();
    const { put } = await showSession(target, about);
    await put(form([FIELD]));
    const classes = target.querySelector(".nbsession-inputs")?.classList;
    const found = ["nbsession-inputs-panel", "nbsession-inputs-fixed"].map((each) => classes?.contains(each));
    expect(found).toEqual(expected);
  },
);
