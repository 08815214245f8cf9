import { Macrotask } from "../page/macrotask";
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

/**
 * How many rows are inserted at once, the rest following in tasks of their own: a browser takes 60 ms to lay out a
 * thousand.
 */
const AT_ONCE = 200;
/** After so many milliseconds, the rest is inserted at once: commands wait for it. */
const PATIENCE = 500;

/** A table whose cells contain text or other nodes. */
export function tableView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-content nbsession-table");
  const head = element("thead", "");
  const body = element("tbody", "");
  shown.append(element("table", "", head, body));
  let lines: Line[] = [];
  let slots = new Map<number, HTMLElement>();
  let headers = 0;
  /** How many rows of the body are inserted, and since when there are too few. */
  let inserted = 0;
  let began = 0;
  let more: Macrotask | null = null;

  const insert = (most: number) => {
    inserted = Math.min(most, Math.max(lines.length - headers, 0));
    fill(body, lines.slice(headers, headers + inserted));
    if (inserted < lines.length - headers) {
      more ??= new Macrotask(next);
      more.schedule();
    }
  };
  const next = () => {
    insert(inserted + AT_ONCE);
    // Layout is part of this task. Otherwise, that of several would come together.
    void body.offsetHeight;
  };
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
    headers = Number(changed.headers) || 0;
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
    shown.classList.toggle("nbsession-table-of-outputs", slots.size > 0);
    fill(head, lines.slice(0, headers));
    began = performance.now();
    insert(Math.max(inserted, AT_ONCE));
    // The nodes in a cell stay there until Python moves or removes them.
    for (const [slot, place] of former.slots) {
      const now = slots.get(slot);
      if (now !== place) now?.append(...place.childNodes);
    }
  };
  update(node);
  const slot = (number: number | undefined) => slots.get(number ?? -1) ?? shown;
  const pending = () => {
    if (inserted < lines.length - headers && performance.now() - began > PATIENCE)
      insert(Number.POSITIVE_INFINITY);
    return inserted < lines.length - headers;
  };
  const stop = watchOverflow(shown, () => [shown]);
  const dispose = () => {
    more?.close();
    stop();
  };
  return { element: shown, update, slot, pending, dispose };
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
