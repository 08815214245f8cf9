import type { ColDef, ColGroupDef } from "ag-grid-community";
import type { Row } from "../session/rows";

/** A record as AG Grid gets it. */
export type Data = Record<string, unknown>;

/** The record of a row. */
export function dataOf([, ...cells]: Row, fields: readonly string[]): Data {
  return Object.fromEntries(cells.map((value, index) => [fields[index] ?? "", value]));
}

/** The text of a value, whatever the type of its column. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

type DataType = "number" | "boolean" | "text" | "object";

/** The type of the cells of a field; text if they differ. */
function typeOf(rows: readonly Row[], index: number): DataType {
  let found: DataType | null = null;
  for (const row of rows) {
    const value = row[index + 1];
    if (value === null || value === undefined) continue;
    const kind = typeof value;
    const type = kind === "number" || kind === "boolean" || kind === "object" ? kind : "text";
    if (found !== null && found !== type) return "text";
    found = type;
  }
  return found ?? "text";
}

/** Definitions of columns, with the types of their cells. What Python's caller has set stays. */
export function typed(
  columns: readonly (ColDef | ColGroupDef)[],
  fields: readonly string[],
  rows: readonly Row[],
): (ColDef | ColGroupDef)[] {
  return columns.map((column) => {
    if ("children" in column) return { ...column, children: typed(column.children, fields, rows) };
    const type = typeOf(rows, fields.indexOf(column.field ?? ""));
    const side = type === "number" ? { type: "rightAligned" } : {};
    return { cellDataType: type, ...side, ...column };
  });
}
