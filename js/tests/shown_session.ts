import { mountSession } from "../src/panel/mount";
import { pair, settled } from "./fake_python";

/** A session that is shown in an element, and the Python it belongs to. */
export async function showSession(target: HTMLElement, about: object = {}) {
  const { client, python, clock } = pair();
  python.tell(0, ["open", 1, { kind: "session", ...about }]);
  await settled();
  const unmount = mountSession(client, 1, target);
  const tell = async (...messages: unknown[]) => {
    python.tell(1, ...messages);
    await settled();
  };
  const put = (...nodes: object[]) => tell(...nodes.map((node) => ["put", node, null]));
  /** What Python has heard of forms and pins: `[key, event, ...]`. */
  const heard = async () => {
    await settled();
    clock.advance(0.005); // What is sent while a frame is in flight waits for so long.
    return python
      .on(1)
      .filter((each) => each[0] === "input")
      .map(([, ...rest]) => (WITH_SETS.includes(String(rest[1])) ? rest.slice(0, -1) : rest));
  };
  /** The last part of these messages: which options the values are about. */
  const sets = async () => {
    await heard();
    return python
      .on(1)
      .filter((each) => each[0] === "input" && WITH_SETS.includes(String(each[2])))
      .map((each) => each.at(-1));
  };
  return { client, python, clock, tell, put, heard, sets, unmount };
}

/** Events whose last part tells which options their raw values are about. */
const WITH_SETS = ["submit", "change", "blur"];

/** Enter a value as the reader does. */
export function enter(control: Element | null | undefined, value: string): void {
  if (!(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement))
    throw new TypeError("there is no such control");
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

export const form = (fields: object[], more: object = {}) => ({
  key: 1,
  kind: "form",
  label: "Form",
  fields,
  cancelable: false,
  errors: {},
  turn: 0,
  typed: {},
  ...more,
});

const options = [{ label: "Red" }, { label: "Green" }, { label: "Blue", disabled: true }];

/** A field of each type, with a label. */
export const FIELDS = [
  ...["text", "number", "float", "password", "url", "email", "date", "time", "color", "datetime-local"].map(
    (type) => ({ name: type, type, label: `A ${type}`, value: "", help: "Help", action: "Fill in" }),
  ),
  { name: "suggested", type: "text", label: "Suggested", value: "", suggestions: ["a", "b"] },
  { name: "lines", type: "textarea", label: "Lines", value: "x", rows: 3 },
  { name: "code", type: "textarea", label: "Code", value: "x", rows: 3, code: { mode: "python" } },
  { name: "one", type: "select", label: "One", options, selected: [1] },
  { name: "some", type: "select", label: "Some", options, selected: [0, 1], multiple: true },
  { name: "check", type: "checkbox", label: "Check", options, selected: [0] },
  { name: "radio", type: "radio", label: "Radio", options, selected: [1], inline: true, required: true },
  { name: "slider", type: "slider", label: "Slider", value: 5, min: 0, max: 10, step: 1 },
  { name: "file", type: "file", label: "File", accept: "", placeholder: "", max_size: 0, max_total_size: 0 },
  {
    name: "actions",
    type: "actions",
    label: "Actions",
    buttons: [
      { label: "Save", type: "submit" },
      { label: "Again", type: "reset" },
      { label: "Leave", type: "cancel" },
    ],
  },
];
