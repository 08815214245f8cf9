import { element, text } from "../panel/element";
import { pressable } from "../panel/pressable";
import type { OutputNode } from "../session/node";
import type { RowsEdit } from "../session/rows";
import { createTable, type Table } from "./table";

/** The look of buttons that matter less than the rows. */
const BUTTONS = "nbsession-buttons nbsession-buttons-outline nbsession-buttons-small";

/** What a data table needs of the page. */
export interface FrameHost {
  /** Compile a function of Python's caller. */
  compile(source: readonly string[]): unknown;
  call(callback: unknown, value: unknown): void;
  /** The options of the grid, with its API. */
  ready(options: object): void;
}

/** A grid and what stands around it. */
export interface Frame {
  update(node: OutputNode): void;
  edit(node: OutputNode, edit: RowsEdit): void;
  end(): void;
  dispose(): void;
}

/** Fill the element of a data table: the grid, the content of its focused cell, and buttons for the selected rows. */
export function createFrame(shown: HTMLElement, node: OutputNode, host: FrameHost): Frame {
  const place = element("div", "nbsession-datatable-grid");
  const bar = element("div", "nbsession-datatable-bar");
  const count = element("span", "");
  const tools = element("div", `nbsession-datatable-tools ${BUTTONS}`);
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "Selected rows");
  shown.replaceChildren(place, bar, tools);
  let current = node;
  let table: Table | null = null;
  let look = "";
  let ids: readonly string[] = [];
  let ended = false;

  const tell = (action: number | null) => {
    if (ids.length && !ended) host.call(current.callback, { action, rows: ids });
  };
  const button = (label: string, press: () => void) => {
    const made = element("button", "nbsession-button nbsession-color-secondary", label);
    made.disabled = ended;
    pressable(made, press);
    return made;
  };
  const showSelection = () => {
    count.textContent = `${ids.length} ${ids.length === 1 ? "row" : "rows"} selected`;
    tools.hidden = !ids.length || !(current.actions as unknown[]).length;
  };
  const selected = (now: readonly string[]) => {
    if (now.length === ids.length && now.every((id, index) => id === ids[index])) return;
    ids = now;
    showSelection();
    if (current.onselect) tell(null);
  };
  const focused = (content: string | null) => {
    bar.textContent = content;
    bar.hidden = !content || current.bar !== true;
  };
  const draw = () => {
    const actions = current.actions as (string | null)[];
    table?.dispose();
    place.replaceChildren();
    place.style.height = current.height === "auto" ? "" : text(current.height);
    bar.hidden = true;
    tools.replaceChildren(
      count,
      button("Unselect", () => table?.api.deselectAll()),
      ...actions.map((label, index) =>
        label === null ? element("span", "nbsession-datatable-line") : button(label, () => tell(index)),
      ),
    );
    ids = [];
    showSelection();
    table = createTable(place, current, { ...host, selected, focused });
  };
  const update = (changed: OutputNode) => {
    current = changed;
    const { rows, fields, callback, style, click, parent, slot, ...rest } = changed;
    const now = JSON.stringify(rest);
    if (now === look) {
      table?.fill(changed);
      return;
    }
    look = now;
    draw();
  };
  update(node);
  return {
    update,
    edit: (changed, edit) => {
      current = changed;
      table?.edit(changed, edit);
    },
    end: () => {
      ended = true;
      for (const each of tools.querySelectorAll("button")) each.disabled = true;
    },
    dispose: () => table?.dispose(),
  };
}
