import { element } from "../element";
import type { Control, ControlHost } from "./control";
import type { Field } from "./field";

/** Files to upload. */
export function fileControl(field: Field, _host: ControlHost): Control {
  const input = element("input", "nbsession-input");
  input.type = "file";
  input.disabled = field.disabled === true;
  return {
    element: input,
    target: input,
    read: () => [],
    write: () => {},
    update: () => {},
    lock: (locked) => {
      input.disabled = locked;
    },
    fault: () => "",
    focus: () => input.focus(),
  };
}
