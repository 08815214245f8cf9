import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { safeFragment } from "./sanitize";
import { watchOverflow } from "./scrollable";

/** Program text, highlighted by Python. */
export function codeView(node: OutputNode): NodeView {
  const code = element("code", "");
  const block = element("pre", "", code);
  const shown = element("div", "nbsession-node nbsession-content nbsession-source", block);
  const update = (changed: OutputNode) => {
    code.replaceChildren(safeFragment(text(changed.html)));
    const rows = Number(changed.rows) || 0;
    block.style.maxHeight = rows ? `calc(${rows}lh + 16px)` : "";
    block.setAttribute("aria-label", [text(changed.language), "code"].filter(Boolean).join(" "));
    block.setAttribute("role", "group");
  };
  update(node);
  return { element: shown, update, dispose: watchOverflow(block, () => [block]) };
}
