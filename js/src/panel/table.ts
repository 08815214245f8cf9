import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { watchOverflow } from "./scrollable";

/** A table whose cells contain text or other nodes. */
export function tableView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-content nbsession-table");
  let slots = new Map<number, HTMLElement>();

  const cell = (described: unknown, header: boolean): HTMLElement => {
    const made = header ? element("th", "") : element("td", "");
    if (header) made.scope = "col";
    if (typeof described !== "object" || described === null) {
      made.textContent = text(described);
      return made;
    }
    const { text: content, slot, rows, columns } = described as Record<string, unknown>;
    made.textContent = text(content);
    if (Number(rows) > 1) made.rowSpan = Number(rows);
    if (Number(columns) > 1) made.colSpan = Number(columns);
    if (header && Number(columns) > 1) made.scope = "colgroup";
    if (typeof slot === "number") {
      const place = element("div", "nbsession-flow");
      made.append(place);
      slots.set(slot, place);
    }
    return made;
  };
  const update = (changed: OutputNode) => {
    const former = slots;
    slots = new Map();
    const rows = (Array.isArray(changed.rows) ? changed.rows : []).filter(Array.isArray);
    const headers = Number(changed.headers) || 0;
    const lines = rows.map((row, index) =>
      element("tr", "", ...row.map((each) => cell(each, index < headers))),
    );
    const head = element("thead", "", ...lines.slice(0, headers));
    const body = element("tbody", "", ...lines.slice(headers));
    // The nodes in a cell stay there until Python moves or removes them.
    for (const [slot, place] of former) slots.get(slot)?.append(...place.childNodes);
    shown.replaceChildren(element("table", "", head, body));
  };
  update(node);
  const slot = (number: number | undefined) => slots.get(number ?? -1) ?? shown;
  return { element: shown, update, slot, dispose: watchOverflow(shown, () => [shown]) };
}
