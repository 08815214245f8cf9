/**
 * Let a frame with its own document load scripts and style sheets from other addresses, each once. The document's code
 * does not run here.
 */
export function rewriteFrame(frame: Element, addresses: ReadonlyMap<string, string>): void {
  const inside = new DOMParser().parseFromString(frame.getAttribute("srcdoc") ?? "", "text/html");
  const loaded = new Set<string>();
  let changed = false;
  for (const each of inside.querySelectorAll("script[src], link[href]")) {
    const attribute = each.localName === "script" ? "src" : "href";
    const address = addresses.get(each.getAttribute(attribute) ?? "");
    if (address === undefined) continue;
    changed = true;
    each.removeAttribute("integrity");
    if (loaded.has(address)) each.remove();
    else each.setAttribute(attribute, address);
    loaded.add(address);
  }
  if (!changed) return;
  // Screen readers read it. Maps of folium have none.
  if (!frame.hasAttribute("title")) frame.setAttribute("title", inside.title || "Map");
  frame.setAttribute("srcdoc", `<!doctype html>${inside.documentElement.outerHTML}`);
}
