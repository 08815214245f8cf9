import { element } from "../element";
import { Attributes } from "./attributes";
import type { Control, ControlHost } from "./control";
import { faultOf } from "./fault";
import { type Field, indicesOf, optionsOf } from "./field";

/** Maximum number of options that a list shows at once. */
const MOST_SHOWN = 8;

/** One of several options, or some of them. */
export function selectControl(field: Field, host: ControlHost): Control {
  const select = element("select", "nbsession-input");
  const shown = element("div", "nbsession-select", select);
  const attributes = new Attributes(select);
  let drawn = "";
  let disabled = false;
  let locked = false;

  select.addEventListener("change", () => host.changed(false));
  select.addEventListener("mousedown", (event) => {
    const { target } = event;
    if (!select.multiple || !(target instanceof HTMLOptionElement)) return;
    if (event.button || event.shiftKey || event.ctrlKey || event.metaKey) return;
    // Without a key held, the browser would deselect all other options.
    event.preventDefault();
    if (select.disabled || target.disabled) return;
    const { scrollTop } = select;
    target.selected = !target.selected;
    select.focus({ preventScroll: true });
    select.scrollTop = scrollTop;
    host.changed(false);
  });

  const read = () => [...select.options].flatMap((each, index) => (each.selected ? [index] : []));
  const write = (value: unknown) => {
    const chosen = indicesOf(value);
    for (const [index, each] of [...select.options].entries()) each.selected = chosen.has(index);
    // As at first: a list of one line always shows an option.
    if (!select.multiple && select.selectedIndex < 0)
      select.selectedIndex = [...select.options].findIndex((each) => !each.disabled);
  };
  const apply = () => {
    select.disabled = disabled || locked;
  };
  const update = (changed: Field) => {
    attributes.update(changed.attributes);
    const options = optionsOf(changed.options);
    const now = JSON.stringify([changed.multiple, options]);
    if (now !== drawn) {
      const chosen = drawn ? read() : null;
      drawn = now;
      select.multiple = changed.multiple === true;
      select.replaceChildren(
        ...options.map(({ label, disabled: off }) => {
          const made = element("option", "", label);
          made.disabled = off;
          return made;
        }),
      );
      if (chosen) write(chosen);
    }
    shown.classList.toggle("nbsession-select-one", !select.multiple);
    if (select.multiple) select.size = Math.max(2, Math.min(MOST_SHOWN, options.length));
    else select.removeAttribute("size");
    select.required = changed.required === true;
    disabled = changed.disabled === true || changed.readonly === true;
    apply();
  };
  update(field);
  return {
    element: shown,
    target: select,
    read,
    write,
    update,
    lock: (now) => {
      locked = now;
      apply();
    },
    fault: () => {
      // The value of an option is its text, so that an option without text counts as none.
      return select.required && !select.disabled && !read().length ? faultOf(select) || NONE : "";
    },
    focus: () => select.focus(),
  };
}

const NONE = "Please select an item in the list.";
