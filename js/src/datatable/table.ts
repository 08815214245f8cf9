import {
  AllCommunityModule,
  type ColDef,
  createGrid,
  type GridApi,
  type GridOptions,
  ModuleRegistry,
} from "ag-grid-community";
import type { OutputNode } from "../session/node";
import type { Row, RowsEdit } from "../session/rows";
import { type Data, dataOf, textOf, typed } from "./cells";
import { fieldToPath, flattenRow, pathToField } from "./fields";
import { look } from "./look";
import { COLUMN_DEFAULTS, DEFAULTS, type FunctionAt, selection, withFunctions } from "./options";
import { fitColumns } from "./widths";

ModuleRegistry.registerModules([AllCommunityModule]);

/** What a data table tells its view. */
export interface TableHost {
  /** Compile a function of Python's caller. */
  compile(source: readonly string[]): unknown;
  selected(ids: readonly string[]): void;
  /** A cell has the focus; null if none has. */
  focused(text: string | null): void;
  /** The options of the grid, with its API. */
  ready(options: object): void;
}

/** A grid in an element. */
export interface Table {
  readonly api: GridApi<Data>;
  fill(node: OutputNode): void;
  edit(node: OutputNode, edit: RowsEdit): void;
  dispose(): void;
}

/** Create the grid of a node. */
export function createTable(place: HTMLElement, node: OutputNode, host: TableHost): Table {
  const records = new Map<string, Data>();
  const ids = new WeakMap<Data, string>();
  let added = 0;

  const record = (row: Row, fields: readonly string[]): Data => {
    const data = dataOf(row, fields);
    records.set(row[0], data);
    ids.set(data, row[0]);
    return data;
  };
  /** The identity of a record. JavaScript of Python's caller may add some of its own. */
  const idOf = (data: Data): string => {
    let id = ids.get(data);
    if (id === undefined) {
      added += 1;
      id = `added-${added}`;
      ids.set(data, id);
    }
    return id;
  };

  const fields = node.fields as string[];
  const rows = node.rows as Row[];
  const { columns, options: given } = withFunctions(
    { columns: node.columns as ColDef[], options: node.options as GridOptions<Data> },
    node.functions as FunctionAt[],
    host.compile,
  );
  const stop = new AbortController();
  const selectedIds = () => api.getSelectedRows().map(idOf);
  const options: GridOptions<Data> & Record<string, unknown> = {
    ...DEFAULTS,
    ...given,
    dataTypeDefinitions: { ...DEFAULTS.dataTypeDefinitions, ...given.dataTypeDefinitions },
    theme: look(String(node.theme)),
    defaultColDef: { ...COLUMN_DEFAULTS, ...given.defaultColDef },
    columnDefs: typed(columns, fields, rows),
    rowData: rows.map((row) => record(row, fields)),
    getRowId: ({ data }) => idOf(data),
    ...selection(node.select, given.rowSelection),
    onGridReady: (event) => {
      fitColumns(event.api, place, stop.signal);
      given.onGridReady?.(event);
    },
    onSelectionChanged: (event) => {
      host.selected(selectedIds());
      given.onSelectionChanged?.(event);
    },
    onCellFocused: (event) => {
      const { rowIndex, column } = event;
      const rowNode = rowIndex === null ? undefined : event.api.getDisplayedRowAtIndex(rowIndex);
      const colKey = typeof column === "object" ? column : null;
      host.focused(rowNode && colKey ? textOf(event.api.getCellValue({ rowNode, colKey })) : null);
      given.onCellFocused?.(event);
    },
  };
  if (node.height === "auto") options.domLayout = "autoHeight";
  const api = createGrid(place, options);
  // The names of the original, and of the AG Grid that it has.
  host.ready(
    Object.assign(options, {
      api,
      columnApi: api,
      path2field: pathToField,
      field2path: fieldToPath,
      flatten_row: flattenRow,
      getSelectedRowIDs: selectedIds,
    }),
  );

  return {
    api,
    fill(changed) {
      records.clear();
      const wide = changed.fields as string[];
      api.setGridOption(
        "rowData",
        (changed.rows as Row[]).map((row) => record(row, wide)),
      );
      host.selected(selectedIds());
    },
    edit(changed, edit) {
      const wide = changed.fields as string[];
      if (edit[0] === "remove") {
        const gone = edit[1].map((id) => records.get(id)).filter((data) => data !== undefined);
        for (const id of edit[1]) records.delete(id);
        api.applyTransactionAsync({ remove: gone });
      } else if (edit[0] === "insert") {
        const add = edit[2].map((row) => record(row, wide));
        const first = edit[2][0]?.[0];
        const addIndex = (changed.rows as Row[]).findIndex(([id]) => id === first);
        api.applyTransactionAsync(edit[3] === null ? { add } : { add, addIndex });
      } else if (edit[0] === "replace") {
        api.applyTransactionAsync({ update: [record(edit[2], wide)] });
      } else {
        const [, , id, field, value] = edit;
        const data = { ...records.get(id), [wide[field] ?? ""]: value };
        records.set(id, data);
        ids.set(data, id);
        api.applyTransactionAsync({ update: [data] });
      }
    },
    dispose() {
      stop.abort();
      api.destroy();
    },
  };
}
