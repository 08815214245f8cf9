/**
 * Views that JupyterLab has given up, rendered after all (docs/upstream.md: "Error displaying widget: model not found").
 *
 * Its renderer asks the widget manager for a model ten times a second, two seconds long, and does not look again at the end. When
 * the page makes many models at a reload, no timer rings meanwhile: the two seconds are over, and the models are there.
 * Nothing public renders an output again. So this looks for outputs that show a model of ours of which there is no view, and
 * has their output area take notice of them.
 */

const WIDGET_VIEW = "application/vnd.jupyter.widget-view+json";
/** Longer than the pause between two looks of JupyterLab's: by then each has found its model or given up. In milliseconds. */
const DECIDED_AFTER = 300;

/** What we use of JupyterLab's `WidgetManager`. It is JupyterLab's own affair, so any of it may be missing. */
interface Manager {
  readonly restored?: { connect(slot: () => void): unknown; disconnect(slot: () => void): unknown };
  readonly context?: { readonly model?: { readonly cells?: List<{ readonly outputs?: Outputs }> } };
  has_model?(id: string): boolean;
  get_model?(id: string): Promise<{ get(name: string): unknown; readonly views?: object }>;
}

interface List<Item> {
  readonly length: number;
  get(index: number): Item;
}

interface Outputs extends List<{ readonly data?: Readonly<Record<string, unknown>> }> {
  readonly stateChanged?: { emit?(index: unknown): void };
}

/** Have views of `bridge`'s kernel that were given up appear, now and whenever JupyterLab has restored widgets. Returns how to stop. */
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
  for (const { outputs, index, id } of widgetOutputs(manager)) {
    if (!(await hasNoView(manager, bridge, id))) continue;
    // As text, because JupyterLab takes 0 for "all outputs".
    outputs.stateChanged?.emit?.(String(index));
  }
}

/** All outputs of the notebook that show a widget. */
function widgetOutputs({ context }: Manager): { outputs: Outputs; index: number; id: string }[] {
  const found = [];
  const cells = context?.model?.cells;
  for (let cell = 0; cell < (cells?.length ?? 0); cell += 1) {
    const outputs = cells?.get(cell).outputs;
    for (let index = 0; index < (outputs?.length ?? 0); index += 1) {
      const { model_id } = Object(outputs?.get(index).data?.[WIDGET_VIEW]);
      if (outputs && typeof model_id === "string") found.push({ outputs, index, id: model_id });
    }
  }
  return found;
}

/** Whether it is a model of ours, and nothing in the page shows it. */
async function hasNoView(manager: Manager, bridge: string, id: string): Promise<boolean> {
  if (!manager.has_model?.(id)) return false;
  try {
    const model = await manager.get_model?.(id);
    return model?.get("bridge") === bridge && !!model.views && !Object.keys(model.views).length;
  } catch {
    return false; // it could not be made, and JupyterLab has said so
  }
}
