import type { OutputNode } from "../session/node";
import { arrange } from "./arrange";
import { element, text } from "./element";
import type { NodeView } from "./node_view";

/** Maximum number of rows or columns that a cell covers. */
const MOST = 1000;

/** A row, a column or a grid of places for other nodes. Outputs directly in it are cells on their own. */
export function gridView(node: OutputNode): NodeView {
  const shown = element("div", "");
  let cells: HTMLElement[] = [];
  let slots = new Map<number, HTMLElement>();

  const update = (changed: OutputNode) => {
    const layout = changed.layout === "row" || changed.layout === "column" ? changed.layout : "grid";
    const across = layout === "row" || (layout === "grid" && changed.direction === "column");
    shown.className = `nbsession-node nbsession-grid nbsession-grid-${layout}`;
    shown.style.gridTemplateColumns = text(changed.columns);
    shown.style.gridTemplateRows = text(changed.rows);
    shown.style.gridAutoFlow = across ? "column" : "";
    const former = slots;
    slots = new Map();
    const described = Array.isArray(changed.cells) ? changed.cells : [];
    const wanted = described.map((each) => {
      const { slot, rows, columns } = Object(each) as Record<string, unknown>;
      const filled = typeof slot === "number";
      const cell = (filled && former.get(slot)) || element("div", "nbsession-cell nbsession-flow");
      if (filled) slots.set(slot, cell);
      else cell.classList.add("nbsession-spacer");
      cell.style.gridRow = span(rows);
      cell.style.gridColumn = span(columns);
      return cell;
    });
    arrange(shown, cells, wanted);
    cells = wanted;
  };
  update(node);
  return { element: shown, update, slot: (number) => slots.get(number ?? -1) ?? shown };
}

function span(value: unknown): string {
  const count = Math.min(MOST, Math.floor(Number(value)));
  return count > 1 ? `span ${count}` : "";
}
