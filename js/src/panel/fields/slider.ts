import { element, setText, text } from "../element";
import { Attributes } from "./attributes";
import type { Control, ControlHost } from "./control";
import { faultOf } from "./fault";
import type { Field } from "./field";

/** Significant digits of the value that is shown beside a slider. */
const DIGITS = 6;

/** A number between two others. */
export function sliderControl(field: Field, host: ControlHost): Control {
  const input = element("input", "nbsession-range");
  input.type = "range";
  const value = element("span", "nbsession-value");
  // Screen readers use the slider's own value.
  value.setAttribute("aria-hidden", "true");
  const shown = element("div", "nbsession-slider", input, value);
  const attributes = new Attributes(input);
  let disabled = false;
  let locked = false;

  const draw = () => {
    setText(value, String(Number(Number(input.value).toPrecision(DIGITS))));
    const [low, high] = [Number(input.min), Number(input.max)];
    const share = high > low ? (Number(input.value) - low) / (high - low) : 0;
    input.style.setProperty("--nbs-share", String(share));
  };
  input.addEventListener("input", () => {
    draw();
    host.changed(true);
  });

  const apply = () => {
    input.disabled = disabled || locked;
  };
  const update = (changed: Field) => {
    const kept = input.value;
    attributes.update(changed.attributes);
    input.min = text(changed.min ?? 0);
    input.max = text(changed.max ?? 100);
    input.step = text(changed.step ?? 1);
    // The widest value, so that the slider keeps its length.
    const widest = Math.max(...[input.min, input.max, input.value].map((each) => each.length));
    value.style.minWidth = `${Math.min(widest + (input.step.split(".")[1]?.length ?? 0) + 1, 9)}ch`;
    input.value = kept;
    disabled = changed.disabled === true || changed.readonly === true;
    apply();
    draw();
  };
  update(field);
  return {
    element: shown,
    target: input,
    read: () => Number(input.value),
    write: (now) => {
      input.value = text(now);
      draw();
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
