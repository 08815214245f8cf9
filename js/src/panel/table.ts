import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { watchOverflow } from "./scrollable";

/** A row as it is shown, and the places in its cells for other nodes. */
interface Line {
  readonly look: string;
  readonly header: boolean;
  readonly element: HTMLElement;
  readonly slots: ReadonlyMap<number, HTMLElement>;
}

/** A table whose cells contain text or other nodes. */
export function tableView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-content nbsession-table");
  const head = element("thead", "");
  const body = element("tbody", "");
  shown.append(element("table", "", head, body));
  let lines: Line[] = [];
  let slots = new Map<number, HTMLElement>();

  const cell = (described: unknown, header: boolean, own: Map<number, HTMLElement>): HTMLElement => {
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
      own.set(slot, place);
    }
    return made;
  };
  const update = (changed: OutputNode) => {
    const rows = (Array.isArray(changed.rows) ? changed.rows : []).filter(Array.isArray);
    const headers = Number(changed.headers) || 0;
    const former = { lines, slots };
    slots = new Map();
    lines = rows.map((row, index) => {
      const header = index < headers;
      const look = JSON.stringify(row);
      const before = former.lines[index];
      // Most rows of a table that is updated often are as before.
      if (before?.look === look && before.header === header) {
        for (const [slot, place] of before.slots) slots.set(slot, place);
        return before;
      }
      const own = new Map<number, HTMLElement>();
      const shownRow = element("tr", "", ...row.map((each) => cell(each, header, own)));
      for (const [slot, place] of own) slots.set(slot, place);
      return { look, header, element: shownRow, slots: own };
    });
    fill(head, lines.slice(0, headers));
    fill(body, lines.slice(headers));
    // The nodes in a cell stay there until Python moves or removes them.
    for (const [slot, place] of former.slots) {
      const now = slots.get(slot);
      if (now !== place) now?.append(...place.childNodes);
    }
  };
  update(node);
  const slot = (number: number | undefined) => slots.get(number ?? -1) ?? shown;
  return { element: shown, update, slot, dispose: watchOverflow(shown, () => [shown]) };
}

/** Let a part of a table consist of rows. Those that it has already stay where they are. */
function fill(part: HTMLElement, lines: readonly Line[]): void {
  const wanted = new Set<Element>(lines.map(({ element }) => element));
  for (const each of [...part.children]) if (!wanted.has(each)) each.remove();
  let there = part.firstElementChild;
  for (const { element } of lines) {
    if (there === element) there = there.nextElementSibling;
    else part.insertBefore(element, there);
  }
}
