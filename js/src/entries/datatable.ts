/*! Contains AG Grid Community (https://www.ag-grid.com), (c) AG Grid Ltd, under the MIT License. */
// A chunk: loaded when the first data table is shown, and never part of the client.
export { createFrame } from "../datatable/frame";
