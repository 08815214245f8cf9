import { element, text } from "../element";
import { Attributes } from "./attributes";
import type { Control, ControlHost } from "./control";
import { faultOf } from "./fault";
import type { Field } from "./field";

/** Several lines of text. */
export function textareaControl(field: Field, host: ControlHost): Control {
  const area = element("textarea", "nbsession-input");
  const attributes = new Attributes(area);
  let disabled = false;
  let locked = false;

  area.addEventListener("input", () => host.changed(true));

  const apply = () => {
    area.disabled = disabled || locked;
  };
  const update = (changed: Field) => {
    attributes.update(changed.attributes);
    area.rows = Math.max(1, Math.min(200, Number(changed.rows) || 6));
    area.required = changed.required === true;
    area.readOnly = changed.readonly === true;
    const code = typeof changed.code === "object" && changed.code !== null;
    area.classList.toggle("nbsession-monospaced", code);
    if (code) {
      area.spellcheck = false;
      area.autocapitalize = "off";
    }
    disabled = changed.disabled === true;
    apply();
  };
  update(field);
  return {
    element: area,
    target: area,
    read: () => area.value,
    write: (value) => {
      area.value = text(value);
    },
    update,
    lock: (now) => {
      locked = now;
      apply();
    },
    fault: () => faultOf(area),
    focus: () => area.focus(),
  };
}
