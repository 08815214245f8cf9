/**
 * Keeps the static renditions of this kernel's views in the notebook's file (docs/renditions.md).
 *
 * In JupyterLab and Notebook 7, an update of a display renders its output anew, which would rebuild the view under the
 * reader's hands. And a saved widget whose kernel is gone shows "model not found", not the HTML beside it. So Python's
 * updates name displays that JupyterLab does not know, and this module writes them to the shared model, which is what
 * is saved: as HTML without the widget. The cell's own model, which is what is shown, keeps the widget. When a cell is
 * made from the shared model (the page is reloaded, a cell is moved, deleting it is undone), the widget is added to the
 * cell's model again if it exists.
 */

import type { KernelConnection } from "./kernel";
import {
  eachOutput,
  type NotebookCell,
  type NotebookModel,
  type OutputModel,
  WIDGET_VIEW,
} from "./notebook_outputs";

/** The part of JupyterLab's `WidgetManager` that this module uses. It is internal, so any member may be missing. */
interface Manager {
  readonly restored?: Signal<unknown>;
  readonly context?: { readonly model?: NotebookModel; readonly saveState?: Signal<unknown> };
  has_model?(id: string): boolean;
  get_model?(id: string): Promise<{ get(name: string): unknown }>;
}

interface Signal<Event> {
  connect(slot: (sender: unknown, event: Event) => void): unknown;
  disconnect(slot: (sender: unknown, event: Event) => void): unknown;
}

type Data = Readonly<Record<string, unknown>>;

/** Keep the renditions of the views of `bridge`'s kernel. Returns a function that stops this. */
export function keepRenditions(widgetManager: unknown, kernel: KernelConnection, bridge: string): () => void {
  const manager = Object(widgetManager) as Manager;
  const { restored, context } = manager;
  const model = context?.model;
  if (!model) return () => {};
  const renditions = new Renditions(manager, model, bridge);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const attachSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => renditions.attach());
  };
  const receive = (
    _: unknown,
    { header, content }: { header?: { msg_type?: string }; content?: { data?: unknown; metadata?: unknown } },
  ) => {
    if (header?.msg_type === "update_display_data") {
      renditions.receive(Object(content?.data), Object(content?.metadata).nbsession);
    }
  };
  const save = (_: unknown, state: unknown) => {
    if (state === "started") renditions.writeAll();
  };
  // Emitted after JupyterLab has added the displays that came before the message.
  kernel.iopubMessage?.connect(receive);
  restored?.connect(attachSoon);
  model.cells?.changed?.connect(attachSoon);
  context.saveState?.connect(save);
  attachSoon();
  return () => {
    clearTimeout(timer);
    kernel.iopubMessage?.disconnect(receive);
    restored?.disconnect(attachSoon);
    model.cells?.changed?.disconnect(attachSoon);
    context.saveState?.disconnect(save);
  };
}

class Renditions {
  /** The latest data of each view, by the id of its model. */
  private readonly latest = new Map<string, Data>();
  /** What is told of it in the output's metadata. */
  private readonly remarks = new Map<string, unknown>();
  /** Whether a change of the shared model leaves the cell's model alone, as since JupyterLab 4.3. */
  private able = true;

  constructor(
    private readonly manager: Manager,
    private readonly model: NotebookModel,
    private readonly bridge: string,
  ) {}

  receive(data: Data, remarks: unknown): void {
    const id = viewIn(data);
    if (id === undefined) return;
    this.latest.set(id, data);
    this.remarks.set(id, remarks);
    this.writeAll(id);
  }

  /** Write the renditions, of all views or of one, where they are not written yet. */
  writeAll(only?: string): void {
    for (const { cell, index, output } of eachOutput(this.model)) {
      const id = viewIn(output.data);
      const data = id === undefined ? undefined : this.latest.get(id);
      if (data && (only === undefined || id === only)) this.write(cell, index, data, id as string);
    }
  }

  /** Show the widgets of outputs that were saved without them. */
  async attach(): Promise<void> {
    for (const { cell, index, output } of eachOutput(this.model)) {
      const id = Object(output.metadata?.nbsession).view;
      if (typeof id !== "string" || viewIn(output.data) !== undefined) continue;
      if (!(await this.owns(id)) || cell.outputs?.get(index) !== output) continue;
      const { dirty } = this.model;
      const saved = output.toJSON();
      const view = { version_major: 2, version_minor: 0, model_id: id };
      const data = { ...output.data, [WIDGET_VIEW]: view };
      cell.outputs?.set?.(index, { ...saved, data });
      this.write(cell, index, this.latest.get(id) ?? data, id);
      if (!dirty) this.model.dirty = false; // nothing has changed in the file
    }
  }

  private write(cell: NotebookCell, index: number, data: Data, id: string): void {
    const { sharedModel, outputs } = cell;
    const saved = sharedModel?.getOutputs?.()[index];
    if (!this.able || !saved || !sharedModel?.updateOutputs) return;
    const { [WIDGET_VIEW]: _, ...rest } = data;
    // Other readers' pages show what is in the model that they share.
    const remarks = Object(this.remarks.get(id));
    const written =
      this.model.collaborative === true
        ? { ...saved, data }
        : { ...saved, data: rest, metadata: { ...saved.metadata, nbsession: { ...remarks, view: id } } };
    if (JSON.stringify(written) === JSON.stringify(saved)) return;
    sharedModel.updateOutputs(index, index + 1, [written], "silent-change");
    this.able = viewIn(outputs?.get(index)?.data) === id;
    if (!this.able) this.attach();
    cell.contentChanged?.emit();
  }

  /** Whether it is the model of a view of this kernel. */
  private async owns(id: string): Promise<boolean> {
    if (!this.manager.has_model?.(id)) return false;
    try {
      return (await this.manager.get_model?.(id))?.get("bridge") === this.bridge;
    } catch {
      return false; // creation failed, and JupyterLab has reported it
    }
  }
}

/** The id of the model of the view in an output's data. */
function viewIn(data: OutputModel["data"]): string | undefined {
  const { model_id } = Object(data?.[WIDGET_VIEW]);
  return typeof model_id === "string" ? model_id : undefined;
}
