/**
 * Renders views after JupyterLab has given them up (docs/upstream.md: "Error displaying widget: model not found").
 *
 * JupyterLab's renderer asks the widget manager for a model ten times a second for two seconds, and does not check
 * again at the end. If the page creates many models at a reload, timers do not fire in that time: when the two seconds
 * are over, the models exist. No public function renders an output again. So this module searches for outputs that show
 * one of this package's models without a view, and triggers an update of their output area.
 */

import { eachOutput, type NotebookModel, WIDGET_VIEW } from "./notebook_outputs";

/**
 * Longer than JupyterLab's pause between two attempts: by then, each has found its model or given up. In milliseconds.
 */
const DECIDED_AFTER = 300;

/** The part of JupyterLab's `WidgetManager` that this module uses. It is internal, so any member may be missing. */
interface Manager {
  readonly restored?: { connect(slot: () => void): unknown; disconnect(slot: () => void): unknown };
  readonly context?: { readonly model?: NotebookModel };
  has_model?(id: string): boolean;
  get_model?(id: string): Promise<{ get(name: string): unknown; readonly views?: object }>;
}

/**
 * Show the views of `bridge`'s kernel that were given up, now and whenever JupyterLab has restored widgets. Returns a
 * function that stops this.
 */
export function watchForLateViews(widgetManager: unknown, bridge: string): () => void {
  const manager = Object(widgetManager) as Manager;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => renderLateViews(manager, bridge), DECIDED_AFTER);
  };
  manager.restored?.connect(lookSoon);
  lookSoon();
  return () => {
    clearTimeout(timer);
    manager.restored?.disconnect(lookSoon);
  };
}

async function renderLateViews(manager: Manager, bridge: string): Promise<void> {
  for (const { outputs, index, output } of eachOutput(manager.context?.model ?? {})) {
    const { model_id: id } = Object(output.data?.[WIDGET_VIEW]);
    if (typeof id !== "string") continue;
    if (!(await hasNoView(manager, bridge, id))) continue;
    // As text, because JupyterLab treats 0 as "all outputs".
    outputs.stateChanged?.emit?.(String(index));
  }
}

/** Whether it is one of this package's models without a view in the page. */
async function hasNoView(manager: Manager, bridge: string, id: string): Promise<boolean> {
  if (!manager.has_model?.(id)) return false;
  try {
    const model = await manager.get_model?.(id);
    return model?.get("bridge") === bridge && !!model.views && !Object.keys(model.views).length;
  } catch {
    return false; // creation failed, and JupyterLab has reported it
  }
}
