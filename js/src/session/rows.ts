import type { OutputNode } from "./node";

/** A row of a data table: its identity, and a cell for each field. Trailing cells can be missing. */
export type Row = [id: string, ...cells: unknown[]];

/** A change of a data table's rows (docs/protocol.md). `fields` are those of the table if they have become more. */
export type RowsEdit =
  | ["insert", fields: string[] | null, rows: Row[], before: string | null]
  | ["replace", fields: string[] | null, row: Row]
  | ["set", fields: string[] | null, id: string, field: number, value: unknown]
  | ["remove", ids: string[]];

/** Change the rows of a node as Python has changed them. */
export function editRows(node: OutputNode, edit: RowsEdit): void {
  const rows = node.rows as Row[];
  if (edit[0] === "remove") {
    const gone = new Set(edit[1]);
    node.rows = rows.filter(([id]) => !gone.has(id));
    return;
  }
  if (edit[1]) node.fields = edit[1];
  if (edit[0] === "insert") {
    const index = edit[3] === null ? -1 : rows.findIndex(([id]) => id === edit[3]);
    const at = index < 0 ? rows.length : index;
    node.rows = [...rows.slice(0, at), ...edit[2], ...rows.slice(at)];
    return;
  }
  const id = edit[0] === "replace" ? edit[2][0] : edit[2];
  const index = rows.findIndex((row) => row[0] === id);
  const row = rows[index];
  if (!row) return;
  if (edit[0] === "replace") rows[index] = edit[2];
  else row[edit[3] + 1] = edit[4];
}
