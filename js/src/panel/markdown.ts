import type { OutputNode } from "../session/node";
import { formulasIn, typesetter } from "./formulas";
import { markupView } from "./html";
import type { NodeView } from "./node_view";
import type { Surroundings } from "./surroundings";

/** Markdown, rendered by Python. Its formulas are typeset. */
export function markdownView(node: OutputNode, around: Surroundings): NodeView {
  const typeset = typesetter(around);
  const view = markupView(node, "nbsession-markdown", null, (shown) =>
    typeset.show(shown, formulasIn(shown)),
  );
  const dispose = () => {
    typeset.stop();
    view.dispose?.();
  };
  return { ...view, dispose };
}
