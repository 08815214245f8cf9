// @vitest-environment jsdom
import axe from "axe-core";
import { beforeEach, expect, test } from "vitest";
import { settled } from "./fake_python";
import { enter, FIELDS, form, showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("main");
  document.body.replaceChildren(target);
});

const find = <E extends HTMLElement = HTMLInputElement>(selector: string) =>
  target.querySelector<E>(selector);
const all = (selector: string) => [...target.querySelectorAll<HTMLElement>(selector)];
const button = (label: string) =>
  all("button").find((each) => each.textContent === label && !each.hidden) as HTMLButtonElement | undefined;
const text = (name: string, more: object = {}) => ({ name, type: "text", label: name, value: "", ...more });
const key = (name: string, more: object = {}) =>
  new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more });

test.each(FIELDS)("a field of type $type ($name) is accessible, alone and with an error", async (field) => {
  const { put, tell } = await showSession(target);
  const violations = async () =>
    (
      await axe.run(target, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } })
    ).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  await put(form([field, text("other")]));
  expect(await violations()).toEqual([]);
  await tell(["update", 1, { errors: { [field.name]: "wrong" }, turn: 1 }]);
  expect(await violations()).toEqual([]);
});

test.each(FIELDS)("the form's label names a single $type ($name) without a label", async (field) => {
  const { put } = await showSession(target);
  await put(form([{ ...field, label: "" }], { label: "How many?" }));
  const named = find<HTMLElement>("[aria-labelledby]:not(form)");
  const ids = named?.getAttribute("aria-labelledby") ?? "";
  expect(document.getElementById(ids)?.textContent).toBe("How many?");
  expect(all("[role=heading]").map((each) => each.textContent)).toEqual(["How many?"]);
});

test("a submit sends what each field contains", async () => {
  const { put, heard } = await showSession(target);
  await put(form(FIELDS.filter(({ type }) => type !== "actions")));
  enter(find("input[type=text]"), "typed");
  button("Submit")?.click();
  const [message] = (await heard()).filter((each) => each[1] === "submit");
  expect(message).toEqual([
    1,
    "submit",
    expect.objectContaining({
      text: "typed",
      number: "",
      color: "#000000",
      lines: "x",
      one: [1],
      some: [0, 1],
      check: [0],
      radio: [1],
      slider: 5,
      file: [],
    }),
  ]);
});

test("a form stands below the outputs, and goes when Python removes it", async () => {
  const { put, tell } = await showSession(target);
  await put(form([text("a")]), { key: 2, kind: "text", text: "output" });
  expect(find(".nbsession-outputs .nbsession-form")).toBeNull();
  expect(find(".nbsession-outputs + .nbsession-inputs .nbsession-form")).not.toBeNull();
  await tell(["remove", 1]);
  expect([all(".nbsession-form").length, find<HTMLElement>(".nbsession-inputs")?.hidden]).toEqual([0, true]);
});

test("a form that has been submitted is busy until Python has answered", async () => {
  const { put, tell, heard } = await showSession(target);
  await put(form([text("a")]));
  button("Submit")?.click();
  button("Submit")?.click();
  expect(find<HTMLElement>("form")?.getAttribute("aria-busy")).toBe("true");
  expect((await heard()).filter((each) => each[1] === "submit")).toHaveLength(1);
  await tell(["update", 1, { errors: {} }]);
  expect(find<HTMLElement>("form")?.getAttribute("aria-busy")).toBe("true");
  await tell(["update", 1, { turn: 1 }]);
  expect(find<HTMLElement>("form")?.hasAttribute("aria-busy")).toBe(false);
});

test("nothing can be changed while a form is busy, and the focus stays", async () => {
  const { put } = await showSession(target);
  await put(form([text("a")]));
  const input = find("input");
  input?.focus();
  input?.dispatchEvent(key("Enter"));
  await settled();
  const typing = new InputEvent("beforeinput", { bubbles: true, cancelable: true });
  input?.dispatchEvent(typing);
  expect([typing.defaultPrevented, document.activeElement]).toEqual([true, input]);
});

test("what the browser finds wrong stands at its field, and is not sent", async () => {
  const { put, heard } = await showSession(target);
  await put(form([text("a"), text("b", { required: true }), text("c", { required: true })]));
  button("Submit")?.click();
  const [a, b, c] = all("input");
  expect([a, b, c].map((each) => each?.getAttribute("aria-invalid"))).toEqual([null, "true", "true"]);
  const described = document.getElementById(b?.getAttribute("aria-describedby") ?? "");
  expect([described?.getAttribute("role"), described?.textContent !== ""]).toEqual(["alert", true]);
  expect(document.activeElement).toBe(b);
  enter(b, "x");
  expect(b?.hasAttribute("aria-invalid")).toBe(false);
  expect((await heard()).filter((each) => each[1] === "submit")).toEqual([]);
});

test.each(["checkbox", "radio", "select"])(
  "a required %s without a choice is not submitted",
  async (type) => {
    const { put, heard } = await showSession(target);
    const options = [{ label: "x" }];
    await put(form([{ name: "a", type, label: "a", required: true, options, selected: [], multiple: true }]));
    button("Submit")?.click();
    expect(await heard()).toEqual([]);
    expect(find<HTMLElement>(".nbsession-fault")?.textContent).not.toBe("");
  },
);

test("Python's errors stand at their fields, and the first of them gets the focus", async () => {
  const { put, tell } = await showSession(target);
  await put(form([text("a"), text("b")]));
  button("Submit")?.focus();
  button("Submit")?.click();
  await tell(["update", 1, { errors: { b: "too <b>short</b>", "": "not saved" }, turn: 1 }]);
  expect(all(".nbsession-fault").map((each) => each.textContent)).toEqual([
    "",
    "too <b>short</b>",
    "not saved",
  ]);
  expect(document.activeElement).toBe(all("input")[1]);
});

test("an error goes when the reader changes the field, unless Python looks at it again", async () => {
  const { put } = await showSession(target);
  await put(form([text("a"), text("b", { check: true })], { errors: { a: "one", b: "two" } }));
  for (const each of all("input")) enter(each, "x");
  expect(all(".nbsession-field .nbsession-fault").map((each) => each.textContent)).toEqual(["", "two"]);
});

test("Python is told that a field with a check is finished, if the reader has changed it", async () => {
  const { put, heard } = await showSession(target);
  await put(form([text("a", { check: true }), text("b")]));
  const [a, b] = all("input");
  const blurs = async () => (await heard()).filter((each) => each[1] === "blur");
  a?.focus();
  b?.focus();
  expect(await blurs()).toEqual([]);
  a?.focus();
  enter(a, "x");
  b?.focus();
  expect(await blurs()).toEqual([[1, "blur", "a", "x"]]);
});

test("what the reader types is kept by Python, at most every 300 ms", async () => {
  const { put, heard, clock } = await showSession(target);
  await put(form([text("a"), text("b")]));
  for (const value of ["x", "xy", "xyz"]) enter(find("input"), value);
  clock.advance(0.29);
  expect(await heard()).toEqual([]);
  clock.advance(0.01);
  expect(await heard()).toEqual([[1, "typed", { a: "xyz" }]]);
});

test("a page that is left sends at once what the reader has typed", async () => {
  const { put, client, heard } = await showSession(target);
  await put(form([text("a")]));
  enter(find("input"), "x");
  client.channels.runWaiting();
  expect(await heard()).toEqual([[1, "typed", { a: "x" }]]);
});

test("a page that is left does not wait for the answer to what it has sent before", async () => {
  const { put, client, clock, python } = await showSession(target);
  await put(form([text("a")]));
  enter(find("input"), "x");
  clock.advance(0.3);
  await settled();
  enter(find("input"), "xy");
  client.leave();
  await settled();
  const typed = python.on(1).filter((each) => each[2] === "typed");
  expect(typed.map((each) => each[3])).toEqual([{ a: "x" }, { a: "xy" }]);
});

test("what the reader has typed is there again after a reload", async () => {
  const { put } = await showSession(target);
  const choice = {
    name: "c",
    type: "radio",
    label: "c",
    options: [{ label: "x" }, { label: "y" }],
    selected: [0],
  };
  await put(form([text("a", { value: "given" }), choice], { typed: { a: "typed", c: [1] } }));
  expect(find("input")?.value).toBe("typed");
  expect(all("input[type=radio]").map((each) => (each as HTMLInputElement).checked)).toEqual([false, true]);
});

test("an update keeps what the reader has typed, until Python sets the value", async () => {
  const { put, tell } = await showSession(target);
  await put(form([text("a", { set: 0 })]));
  const input = find("input");
  input?.focus();
  enter(input, "typed");
  await tell(["update", 1, { fields: [text("a", { label: "New", value: "set", set: 0 })] }]);
  expect([find<HTMLElement>("label")?.textContent, input?.value]).toEqual(["New", "typed"]);
  await tell(["update", 1, { fields: [text("a", { value: "set", set: 1 })] }]);
  expect([input?.value, find("input"), document.activeElement]).toEqual(["set", input, input]);
});

test("other options keep the selection by index", async () => {
  const { put, tell } = await showSession(target);
  const select = (labels: string[], more = {}) => ({
    name: "a",
    type: "select",
    label: "a",
    options: labels.map((label) => ({ label })),
    selected: [0],
    ...more,
  });
  await put(form([select(["x", "y"])]));
  const shown = find<HTMLSelectElement>("select");
  if (shown) shown.selectedIndex = 1;
  await tell(["update", 1, { fields: [select(["p", "q", "r"])] }]);
  expect(shown?.selectedOptions[0]?.textContent).toBe("q");
  await tell(["update", 1, { fields: [select(["p", "q"], { selected: [0], set: 1 })] }]);
  expect(shown?.selectedOptions[0]?.textContent).toBe("p");
});

test("Enter submits, but not in a text of several lines", async () => {
  const { put, heard } = await showSession(target);
  await put(form([text("a"), { name: "b", type: "textarea", label: "b", value: "", rows: 2 }]));
  const submits = async () => (await heard()).filter((each) => each[1] === "submit").length;
  find<HTMLElement>("textarea")?.dispatchEvent(key("Enter"));
  find("input")?.dispatchEvent(key("Enter", { isComposing: true }));
  expect(await submits()).toBe(0);
  find("input")?.dispatchEvent(key("Enter"));
  expect(await submits()).toBe(1);
});

test("JupyterLab's shortcuts do not see what is typed", async () => {
  const { put } = await showSession(target);
  await put(form([text("a")]), { key: 2, kind: "pin", field: text("p") });
  for (const each of all("input")) {
    each.focus();
    expect([each.dataset.lmSuppressShortcuts, each.closest("form, .nbsession-pin")]).toEqual([
      "true",
      each.parentElement?.closest("[data-lm-suppress-shortcuts=true]"),
    ]);
  }
});

const actions = (more: object[] = []) => ({
  name: "act",
  type: "actions",
  label: "",
  buttons: [{ label: "Save", type: "submit" }, { label: "Delete", type: "submit" }, ...more],
});

test("a form that ends with actions is submitted by them", async () => {
  const { put, tell, heard } = await showSession(target);
  await put(form([text("a"), actions()]));
  expect(button("Submit")).toBeUndefined();
  button("Delete")?.click();
  expect(await heard()).toEqual([[1, "submit", { a: "", act: 1 }]]);
  await tell(["update", 1, { turn: 1 }]);
  find("input")?.dispatchEvent(key("Enter"));
  expect((await heard()).at(-1)).toEqual([1, "submit", { a: "", act: 0 }]);
});

test("actions that are not the last field leave the form its own button", async () => {
  const { put, heard } = await showSession(target);
  await put(form([actions(), text("a")]));
  button("Submit")?.click();
  expect(await heard()).toEqual([[1, "submit", { act: null, a: "" }]]);
});

test("a reset button puts back what Python gave", async () => {
  const { put, heard } = await showSession(target);
  await put(form([text("a", { value: "given" }), actions([{ label: "Reset", type: "reset" }])]));
  enter(find("input"), "typed");
  button("Reset")?.click();
  expect(find("input")?.value).toBe("given");
  button("Save")?.click();
  expect((await heard()).at(-1)).toEqual([1, "submit", { a: "given", act: 0 }]);
});

test.each([
  ["its own button", [text("a")], "Cancel"],
  ["an action", [text("a"), actions([{ label: "Leave", type: "cancel" }])], "Leave"],
])("a form is cancelled by %s", async (_what, fields, label) => {
  const { put, heard } = await showSession(target);
  await put(form(fields, { cancelable: true }));
  button(label)?.click();
  expect(await heard()).toEqual([[1, "cancel"]]);
});

test("only a form that can be cancelled has a button for it", async () => {
  const { put } = await showSession(target);
  await put(form([text("a")]));
  expect(button("Cancel")).toBeUndefined();
});

test("the button beside a field calls Python, which has read what was typed before", async () => {
  const { put, tell, heard } = await showSession(target);
  await put(form([text("a", { action: "Now" })]));
  enter(find("input"), "x");
  button("Now")?.click();
  button("Now")?.click();
  expect(await heard()).toEqual([
    [1, "typed", { a: "x" }],
    [1, "action", "a"],
  ]);
  await tell(["update", 1, { turn: 1 }]);
  button("Now")?.click();
  expect((await heard()).filter((each) => each[1] === "action")).toHaveLength(2);
});

test("a field with onchange tells Python of each choice, and of typing at most every 100 ms", async () => {
  const { put, heard, clock } = await showSession(target);
  const choice = {
    name: "c",
    type: "checkbox",
    label: "c",
    options: [{ label: "x" }],
    selected: [],
    onchange: true,
  };
  await put(form([text("a", { onchange: true }), choice]));
  const changes = async () => (await heard()).filter((each) => each[1] === "change");
  enter(find("input"), "x");
  expect(await changes()).toEqual([]);
  clock.advance(0.1);
  expect(await changes()).toEqual([[1, "change", "a", "x"]]);
  find("input[type=checkbox]")?.click();
  expect((await changes()).at(-1)).toEqual([1, "change", "c", [0]]);
});

test("the newest form is active; another one is, when the reader wants it or the newest goes", async () => {
  const { put, tell } = await showSession(target);
  await put(form([text("a")], { label: "First" }), form([text("b")], { key: 2, label: "Second" }));
  const shown = () =>
    all("form:not([hidden]) [role=heading]")
      .concat(all(".nbsession-form-other:not([hidden])"))
      .map((each) => each.textContent);
  expect(shown()).toEqual(["Second", "First"]);
  button("First")?.click();
  expect(shown()).toEqual(["First", "Second"]);
  expect(document.activeElement).toBe(find("input"));
  await tell(["remove", 1]);
  expect(shown()).toEqual(["Second"]);
});

test("the form of a session that has ended cannot be used", async () => {
  const { put, tell, heard } = await showSession(target);
  await put(form(FIELDS, { cancelable: true }), { key: 2, kind: "pin", field: text("p") });
  await tell(["ended", "the cell has ended", false]);
  const usable = all(".nbsession-pin *, form *")
    .filter((each) => each.matches("input, select, textarea, button"))
    .filter((each) => !each.matches(":disabled"));
  expect(usable).toEqual([]);
  find<HTMLFormElement>("form")?.requestSubmit();
  expect(await heard()).toEqual([]);
});

test("what is sent tells which options it is about", async () => {
  const { put, tell, sets } = await showSession(target);
  const choice = {
    name: "a",
    type: "select",
    label: "a",
    options: [{ label: "x" }, { label: "y" }],
    selected: [0],
  };
  await put(form([{ ...choice, onchange: true }, text("b")]));
  await tell(["update", 1, { fields: [{ ...choice, onchange: true, set: 3 }, text("b")] }]);
  const control = find<HTMLSelectElement>("select");
  if (control) control.value = control.options[1]?.value ?? "";
  control?.dispatchEvent(new Event("change", { bubbles: true }));
  button("Submit")?.click();
  expect(await sets()).toEqual([3, { a: 3, b: 0 }]);
});
