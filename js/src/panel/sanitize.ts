import DOMPurify, { type Config, type UponSanitizeAttributeHookEvent } from "dompurify";

/** DOMPurify's HTML elements other than text, images and their formatting, and the checkboxes of task lists. */
const FORBIDDEN =
  "style template dialog audio video map area form fieldset legend button select optgroup option datalist " +
  "textarea output";
const CONFIG: Config & { RETURN_DOM_FRAGMENT: true } = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: FORBIDDEN.split(" "),
  // The content of the others is kept.
  ADD_FORBID_CONTENTS: ["select", "datalist", "textarea"],
  // Code of the page finds elements by these, and acts on them: JupyterLab runs the command that a `data-` attribute
  // names.
  FORBID_ATTR: ["id", "name"],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};
/** Classes of highlighted code, of formulas, and of task lists. */
const CLASS = /^((nbs|tex|language)-[\w+#.-]+|contains-task-list|task-list-item(-checkbox)?)$/;
/** The attributes of checkboxes and their labels. */
const OF_A_TASK = ["type", "checked", "class"];
const ALIGNED = /^\s*text-align\s*:\s*(left|right|center)\s*;?\s*$/;
/** Classes of the page's own elements, with styles that may cover it: of JupyterLab, its parts, and this package. */
const OF_THE_PAGE = /^(jp|lm|p|cm|jupyter|widget|nbsession)(-|$)/i;
/** Functions of CSS that load something, and what can hide one: an escape. */
const LOADING = /(url|src|image|image-set|cross-fade|element|attr)\(|\\/i;

let prepared = false;
let designed = false;

/**
 * HTML with text, images and their formatting, without scripts. `design`: with classes and styles. The element that
 * shows it must contain it (CSS containment), so that they cannot cover anything else.
 */
export function safeFragment(html: string, design = false): DocumentFragment {
  if (!prepared) prepare();
  designed = design;
  // Contrary to its type, it returns nothing for HTML that is a frameset.
  const safe: DocumentFragment | null = DOMPurify.sanitize(html, CONFIG);
  return safe ?? document.createDocumentFragment();
}

/** Add hooks to DOMPurify for rules that it has no settings for. */
function prepare(): void {
  prepared = true;
  DOMPurify.addHook("uponSanitizeAttribute", ({ tagName }, attribute) => {
    if (tagName === "INPUT" || tagName === "LABEL")
      attribute.keepAttr = OF_A_TASK.includes(attribute.attrName);
    if (attribute.attrName === "class") replace(attribute, knownClasses(attribute.attrValue));
    if (attribute.attrName === "style")
      replace(attribute, (designed ? design : alignment)(attribute.attrValue));
  });
  DOMPurify.addHook("afterSanitizeAttributes", (element) => {
    if (element.tagName === "INPUT") {
      if (element.getAttribute("type") === "checkbox") element.setAttribute("disabled", "");
      else element.remove();
    }
    if (element.tagName !== "A" || !element.hasAttribute("href")) return;
    element.setAttribute("rel", "noopener noreferrer");
    element.setAttribute("target", "_blank");
  });
}

function replace(attribute: UponSanitizeAttributeHookEvent, value: string): void {
  attribute.attrValue = value;
  attribute.keepAttr = value !== "";
}

function knownClasses(value: string): string {
  const names = value.split(/\s+/);
  return names.filter((each) => CLASS.test(each) || (designed && !OF_THE_PAGE.test(each))).join(" ");
}

/** The style as the browser understands it, without what loads something. */
function design(value: string): string {
  const { style } = document.createElement("p");
  style.cssText = value;
  for (const name of Array.from(style))
    if (name.startsWith("--") || LOADING.test(style.getPropertyValue(name))) style.removeProperty(name);
  return LOADING.test(style.cssText) ? "" : style.cssText;
}

function alignment(value: string): string {
  const side = ALIGNED.exec(value)?.[1];
  return side ? `text-align: ${side};` : "";
}
