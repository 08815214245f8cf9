/**
 * The outputs of a notebook in JupyterLab and Notebook 7, as their models hold them: what is shown (`outputs`), and what
 * is saved (`sharedModel`). All of this is internal, so any member may be missing.
 */

export const WIDGET_VIEW = "application/vnd.jupyter.widget-view+json";

export interface NotebookModel {
  readonly cells?: List<NotebookCell> & { readonly changed?: Signal };
  readonly collaborative?: boolean;
  dirty?: boolean;
}

export interface NotebookCell {
  readonly outputs?: Outputs;
  readonly sharedModel?: {
    getOutputs?(): SavedOutput[];
    updateOutputs?(start: number, end: number, outputs: readonly SavedOutput[], origin: string): void;
  };
  readonly contentChanged?: { emit(): void };
}

export interface OutputModel {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  toJSON(): SavedOutput;
}

interface Outputs extends List<OutputModel> {
  readonly stateChanged?: { emit?(index: unknown): void };
  set?(index: number, output: SavedOutput): void;
}

interface SavedOutput {
  readonly data?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface List<Item> {
  readonly length: number;
  get(index: number): Item;
}

interface Signal {
  connect(slot: () => void): unknown;
  disconnect(slot: () => void): unknown;
}

/** All outputs of a notebook. */
export function eachOutput({ cells }: NotebookModel): {
  cell: NotebookCell;
  outputs: Outputs;
  index: number;
  output: OutputModel;
}[] {
  const found = [];
  for (let place = 0; place < (cells?.length ?? 0); place += 1) {
    const cell = cells?.get(place);
    const outputs = cell?.outputs;
    for (let index = 0; cell && outputs && index < outputs.length; index += 1)
      found.push({ cell, outputs, index, output: outputs.get(index) });
  }
  return found;
}
