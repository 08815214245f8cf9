import { element, setText, text } from "../element";
import { pressable } from "../pressable";
import { Attributes } from "./attributes";
import type { Control, ControlHost } from "./control";
import { faultOf } from "./fault";
import type { Field, Raw } from "./field";
import { newId } from "./names";

/** The types of the browser's inputs, by the types of fields. */
const TYPES: Record<string, string> = {
  text: "text",
  number: "number",
  float: "number",
  password: "password",
  url: "url",
  email: "email",
  date: "date",
  time: "time",
  color: "color",
  "datetime-local": "datetime-local",
};

/** A line of text, also a number, a date, a time or a colour. */
export function textControl(field: Field, host: ControlHost): Control {
  const input = element("input", "nbsession-input");
  input.type = (Object.hasOwn(TYPES, field.type) && TYPES[field.type]) || "text";
  const shown = element("div", "nbsession-line", input);
  shown.dataset.type = input.type;
  const attributes = new Attributes(input);
  const suggestions = element("datalist", "");
  const action = element("button", "nbsession-button nbsession-quiet nbsession-beside");
  let disabled = false;
  let locked = false;

  input.addEventListener("input", () => host.changed(true));
  pressable(action, () => {
    if (!action.hasAttribute("aria-disabled")) host.pressed("action");
  });

  const apply = () => {
    input.disabled = disabled || locked;
    action.disabled = disabled || locked;
  };
  const update = (changed: Field) => {
    const given = Object(changed.attributes) as Record<string, unknown>;
    attributes.update(input.type === "number" ? { step: "any", ...given } : given);
    input.required = changed.required === true;
    input.readOnly = changed.readonly === true;
    disabled = changed.disabled === true;
    const offered = Array.isArray(changed.suggestions) ? changed.suggestions : [];
    suggestions.replaceChildren(...offered.map(suggestion));
    if (offered.length && !suggestions.id) suggestions.id = newId();
    if (offered.length) input.setAttribute("list", suggestions.id);
    else input.removeAttribute("list");
    if (offered.length && !suggestions.isConnected) shown.append(suggestions);
    setText(action, text(changed.action));
    if (!action.textContent) action.remove();
    else if (action.parentNode !== shown) input.after(action);
    apply();
  };
  update(field);
  return {
    element: shown,
    target: input,
    read: () => input.value,
    write: (value: Raw) => {
      input.value = text(value);
    },
    update,
    lock: (now) => {
      locked = now;
      apply();
    },
    fault: () => faultOf(input),
    focus: () => input.focus(),
  };
}

function suggestion(value: unknown): HTMLOptionElement {
  const made = element("option", "");
  made.value = text(value);
  return made;
}
