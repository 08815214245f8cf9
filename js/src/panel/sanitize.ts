const ELEMENTS = words(
  "A ABBR B BDI BDO BLOCKQUOTE BR CAPTION CITE CODE COL COLGROUP DD DEL DETAILS DFN DIV DL DT EM FIGCAPTION FIGURE H1 H2 H3 " +
    "H4 H5 H6 HR I IMG INS KBD LI MARK OL P PRE Q RP RT RUBY S SAMP SMALL SPAN STRONG SUB SUMMARY SUP TABLE TBODY TD TFOOT " +
    "TH THEAD TIME TR TT U UL VAR WBR",
);
/** Gone with all that is in them; other elements that are not known leave their content. */
const GONE = words(
  "SCRIPT STYLE TEMPLATE IFRAME FRAME FRAMESET OBJECT EMBED NOSCRIPT TITLE TEXTAREA SELECT MATH SVG",
);
const ANYWHERE = words("title lang dir align");
const ATTRIBUTES: Record<string, Set<string>> = {
  A: words("href"),
  IMG: words("src alt width height"),
  TD: words("colspan rowspan"),
  TH: words("colspan rowspan scope"),
  COL: words("span"),
  OL: words("start type reversed"),
  DETAILS: words("open"),
};
const LINKS = words("http: https: mailto:");
const IMAGES = words("http: https: blob:");
/** Classes that our own stylesheet knows. */
const CLASS = /^(nbs|language)-[\w+#.-]+$/;
const ALIGNED = /^\s*text-align\s*:\s*(left|right|center)\s*;?\s*$/;

// Elements of a form, or of a document, stand in for its properties of the same name: these are asked of the classes.
const bodyOf = getter<Document, HTMLElement>(Document.prototype, "body");
const childrenOf = getter<Node, NodeListOf<ChildNode>>(Node.prototype, "childNodes");
const nameOf = getter<Element, string>(Element.prototype, "tagName");
const namespaceOf = getter<Element, string>(Element.prototype, "namespaceURI");
const attributesOf = getter<Element, NamedNodeMap>(Element.prototype, "attributes");

/** HTML's formatted text as new elements, without anything that runs, loads or leads elsewhere than it says. */
export function safeFragment(html: string): DocumentFragment {
  // The parsed document is inert: nothing in it runs or loads. Nothing of it gets into ours but names and text.
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const safe = document.createDocumentFragment();
  copy(bodyOf(parsed), safe);
  return safe;
}

function copy(from: Node, to: Node): void {
  for (const child of childrenOf(from)) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.nodeValue ?? ""));
    else if (child.nodeType === Node.ELEMENT_NODE) copyElement(child as Element, to);
  }
}

function copyElement(given: Element, to: Node): void {
  const name = nameOf(given);
  if (GONE.has(name.toUpperCase()) || namespaceOf(given) !== "http://www.w3.org/1999/xhtml") return;
  if (!ELEMENTS.has(name)) {
    copy(given, to);
    return;
  }
  const made = document.createElement(name);
  for (const attribute of attributesOf(given)) copyAttribute(made, attribute.name, attribute.value);
  if (name === "A" && made.hasAttribute("href")) {
    made.setAttribute("rel", "noopener noreferrer");
    made.setAttribute("target", "_blank");
  }
  copy(given, made);
  to.appendChild(made);
}

function copyAttribute(made: HTMLElement, name: string, value: string): void {
  if (name === "class") {
    const known = value.split(/\s+/).filter((each) => CLASS.test(each));
    if (known.length) made.className = known.join(" ");
  } else if (name === "style") {
    const aligned = ALIGNED.exec(value)?.[1];
    if (aligned) made.style.textAlign = aligned;
  } else if (ANYWHERE.has(name) || ATTRIBUTES[made.tagName]?.has(name)) {
    if (name === "href" && !leadsTo(value, LINKS)) return;
    if (name === "src" && !leadsTo(value, IMAGES) && !/^data:image\/(png|jpeg|gif|webp);/i.test(value))
      return;
    made.setAttribute(name, value);
  }
}

function leadsTo(url: string, protocols: Set<string>): boolean {
  try {
    return protocols.has(new URL(url, document.baseURI).protocol);
  } catch {
    return false;
  }
}

function getter<Owner, Value>(prototype: Owner, name: string): (of: Owner) => Value {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) as { get(): Value };
  return (of) => get.call(of);
}

function words(list: string): Set<string> {
  return new Set(list.split(" "));
}
