import { actionsControl } from "./actions";
import { choicesControl } from "./choices";
import { codeEditorControl } from "./code_editor";
import type { Control, ControlHost } from "./control";
import type { Field } from "./field";
import { fileControl } from "./file";
import { selectControl } from "./select";
import { sliderControl } from "./slider";
import { textControl } from "./text";
import { textareaControl } from "./textarea";

/** Create the control of a field. Types that this client does not know are lines of text. */
export function makeControl(field: Field, host: ControlHost): Control {
  switch (field.type) {
    case "textarea":
      return field.code ? codeEditorControl(field, host) : textareaControl(field, host);
    case "select":
      return selectControl(field, host);
    case "checkbox":
    case "radio":
      return choicesControl(field, host);
    case "slider":
      return sliderControl(field, host);
    case "actions":
      return actionsControl(field, host);
    case "file":
      return fileControl(field, host);
    default:
      return textControl(field, host);
  }
}
