import DOMPurify, { type Config, type UponSanitizeAttributeHookEvent } from "dompurify";

/** DOMPurify's HTML elements other than text, images and their formatting. */
const FORBIDDEN =
  "style template dialog audio video map area form fieldset legend label input button select optgroup option datalist " +
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
/** Classes of this package's stylesheet. */
const CLASS = /^(nbs|language)-[\w+#.-]+$/;
const ALIGNED = /^\s*text-align\s*:\s*(left|right|center)\s*;?\s*$/;

let prepared = false;

/** HTML with text, images and their formatting, without scripts. */
export function safeFragment(html: string): DocumentFragment {
  if (!prepared) prepare();
  // Contrary to its type, it returns nothing for HTML that is a frameset.
  const safe: DocumentFragment | null = DOMPurify.sanitize(html, CONFIG);
  return safe ?? document.createDocumentFragment();
}

/** Add hooks to DOMPurify for rules that it has no settings for. */
function prepare(): void {
  prepared = true;
  DOMPurify.addHook("uponSanitizeAttribute", (_element, attribute) => {
    if (attribute.attrName === "class") replace(attribute, knownClasses(attribute.attrValue));
    if (attribute.attrName === "style") replace(attribute, alignment(attribute.attrValue));
  });
  DOMPurify.addHook("afterSanitizeAttributes", (element) => {
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
  return names.filter((each) => CLASS.test(each)).join(" ");
}

function alignment(value: string): string {
  const side = ALIGNED.exec(value)?.[1];
  return side ? `text-align: ${side};` : "";
}
