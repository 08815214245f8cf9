// @vitest-environment jsdom
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { createEditor } from "../src/code_editor/editor";
import { language, nameOf } from "../src/code_editor/languages";
import { isDark } from "../src/code_editor/themes";
import { codeEditorControl } from "../src/panel/fields/code_editor";
import type { ControlHost } from "../src/panel/fields/control";
import type { Field } from "../src/panel/fields/field";
import { settled } from "./fake_python";

const CHUNK = { createEditor };

// jsdom lays nothing out.
beforeAll(() => {
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
});

afterEach(() => document.body.replaceChildren());

/** A code editor whose chunk the test lets arrive, or fail. */
function control(fields: Partial<Field> = {}) {
  const field: Field = { name: "code", type: "textarea", rows: 6, code: { mode: "python" }, ...fields };
  let arrive: (chunk: object) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const module = new Promise<object>((resolve, reject) => {
    arrive = resolve;
    fail = reject;
  });
  const changes: boolean[] = [];
  const host = {
    around: { channels: { chunks: { get: () => module } } },
    changed: (typing: boolean) => changes.push(typing),
    replaced: () => {},
  } as unknown as ControlHost;
  const made = codeEditorControl(field, host);
  document.body.append(made.element);
  made.write("x = 1");
  const area = made.element.querySelector("textarea") as HTMLTextAreaElement;
  const editor = () => made.element.querySelector<HTMLElement>(".cm-content");
  const loaded = async () => {
    arrive(CHUNK);
    await settled();
  };
  return { field, made, area, editor, loaded, changes, fail: (error: Error) => fail(error) };
}

test("it is a text area until its chunk has arrived", async () => {
  const { area, editor, loaded } = control();
  expect([area.hidden, editor()]).toEqual([false, null]);
  await loaded();
  expect([area.hidden, editor()?.textContent]).toEqual([true, "x = 1"]);
});

test("it stays a text area if its chunk cannot be loaded", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { made, area, fail } = control();
  fail(new Error("offline"));
  await settled();
  area.value = "typed";
  expect([area.hidden, made.read(), warned.mock.calls.length]).toEqual([false, "typed", 1]);
  warned.mockRestore();
});

test("what was typed before, and the focus, are the editor's", async () => {
  const { made, area, editor, loaded } = control();
  area.focus();
  area.value = "typed";
  await loaded();
  expect(editor()?.textContent).toBe("typed");
  expect(document.activeElement).toBe(editor());
  expect(made.target).toBe(editor());
});

test("it takes no focus that it did not have", async () => {
  const { loaded } = control();
  await loaded();
  expect(document.activeElement).toBe(document.body);
});

test("what an input method composes is finished first", async () => {
  const { area, loaded } = control();
  area.dispatchEvent(new Event("compositionstart"));
  await loaded();
  expect(area.hidden).toBe(false);
  area.dispatchEvent(new Event("compositionend"));
  expect(area.hidden).toBe(true);
});

test("a control that is gone shows no editor", async () => {
  const { made, editor, loaded } = control();
  made.dispose?.();
  await loaded();
  expect(editor()).toBeNull();
});

test("Python's text replaces the editor's, and is no change of the reader", async () => {
  const { made, editor, loaded, changes } = control();
  await loaded();
  made.write("y = 2");
  expect([editor()?.textContent, made.read(), changes]).toEqual(["y = 2", "y = 2", []]);
});

test("what the reader types is a change, and the value", async () => {
  const { made, editor, loaded, changes } = control();
  await loaded();
  const line = editor()?.querySelector(".cm-line") as HTMLElement;
  line.textContent = "x = 12";
  await vi.waitFor(() => expect(changes).toEqual([true]));
  expect(made.read()).toBe("x = 12");
});

test("a locked field cannot be edited", async () => {
  const { made, editor, loaded } = control();
  await loaded();
  made.lock(true);
  expect(editor()?.getAttribute("contenteditable")).toBe("false");
  made.lock(false);
  expect(editor()?.getAttribute("contenteditable")).toBe("true");
});

test("a read-only field says so", async () => {
  const { editor, loaded } = control({ readonly: true });
  await loaded();
  expect(editor()?.getAttribute("aria-readonly")).toBe("true");
});

test("an empty field that is required is at fault", async () => {
  const { made, loaded } = control({ required: true });
  await loaded();
  made.write("");
  expect(made.fault()).not.toBe("");
});

test("a text shorter than the minimum is at fault", async () => {
  const { made, loaded } = control({ attributes: { minlength: 10 } });
  await loaded();
  expect(made.fault()).toContain("at least 10 characters");
});

test("options are CodeMirror 5's, and have PyWebIO's defaults", async () => {
  const { made, field, loaded } = control();
  await loaded();
  expect(made.element.querySelector(".cm-lineNumbers")).not.toBeNull();
  made.update({ ...field, code: { lineNumbers: false } });
  expect(made.element.querySelector(".cm-lineNumbers")).toBeNull();
});

test.each([
  ["python"],
  ["text/x-python"],
  ["py"],
  [".py"],
  ["htmlmixed"],
  ["text/html"],
  ["application/json"],
  [{ name: "javascript", json: true }],
  ["text/x-c++src"],
  ["clike"],
  ["text/x-sql"],
  ["YAML"],
  ["gfm"],
])("%j is a language", (mode) => {
  expect(language(mode)).not.toEqual([]);
});

test.each([["text/plain"], ["brainfuck"], [""], [null], [undefined], [5], [{}]])(
  "%j is plain text",
  (mode) => {
    expect(language(mode)).toEqual([]);
  },
);

test("a mode's name is shown without its MIME type", () => {
  expect(nameOf("text/x-python")).toBe("python");
});

test("dark themes are dark, and others follow the page", () => {
  expect(["darcula", "monokai", "Solarized dark", "eclipse", "", undefined].map(isDark)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
