import type { ColDef, GridOptions, RowSelectionOptions } from "ag-grid-community";
import { textOf } from "./cells";

/** A function that Python's caller has written in JavaScript, and its place in the options. */
export type FunctionAt = [path: (string | number)[], source: string[]];

/** Put functions into the options that Python has sent without them. */
export function withFunctions<Described extends object>(
  described: Described,
  functions: readonly FunctionAt[],
  compile: (source: readonly string[]) => unknown,
): Described {
  const whole = structuredClone(described);
  for (const [path, source] of functions) {
    let holder = whole as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) holder = holder[step] as typeof holder;
    holder[path[path.length - 1] ?? ""] = compile(source);
  }
  return whole;
}

const plain = { valueFormatter: ({ value }: { value?: unknown }) => textOf(value) };

/** What is set unless Python's caller has set it: as in the original, where it is in the community edition. */
export const DEFAULTS: GridOptions = {
  enableCellTextSelection: true,
  ensureDomOrder: true,
  suppressFieldDotNotation: true,
  suppressDragLeaveHidesColumns: true,
  dataTypeDefinitions: {
    number: { baseDataType: "number", extendsDataType: "number", ...plain },
    text: { baseDataType: "text", extendsDataType: "text", ...plain },
    object: { baseDataType: "object", extendsDataType: "object", ...plain },
  },
};

export const COLUMN_DEFAULTS: ColDef = {
  sortable: true,
  filter: true,
  resizable: true,
  wrapHeaderText: true,
  autoHeaderHeight: true,
};

/** How rows are selected: by clicks, and several also by boxes. */
export function selection(mode: unknown, given: unknown): Pick<GridOptions, "rowSelection"> {
  if (typeof given === "object" && given !== null) return {};
  const several: RowSelectionOptions = { mode: "multiRow", enableSelectionWithoutKeys: true };
  const one: RowSelectionOptions = { mode: "singleRow", checkboxes: false };
  if (mode === "multiple") return { rowSelection: { ...several, enableClickSelection: true } };
  return mode === "single" ? { rowSelection: { ...one, enableClickSelection: true } } : {};
}
