import type { GridApi } from "ag-grid-community";

/** Give columns without a width that of their content, and distribute what is left. */
export function fitColumns(api: GridApi, place: HTMLElement, signal: AbortSignal): void {
  const distribute = () => {
    const columns = api.getColumns() ?? [];
    const shown = columns.filter((column) => column.isVisible());
    if (shown.some((column) => column.getColDef().flex)) return;
    const free = shown.filter((column) => !column.getColDef().width).map((column) => column.getId());
    if (free.length) api.autoSizeColumns(free);
    const content = shown.reduce((sum, column) => sum + column.getActualWidth(), 0);
    if (content < place.clientWidth) api.sizeColumnsToFit();
  };
  // It has no width while it is hidden, for example in a tab.
  const observer = new ResizeObserver(() => {
    if (!place.clientWidth) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      if (!signal.aborted) distribute();
    });
  });
  observer.observe(place);
  signal.addEventListener("abort", () => observer.disconnect());
}
