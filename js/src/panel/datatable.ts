import { makeFunction } from "../commands/make_function";
import type { createFrame, Frame } from "../datatable/frame";
import type { OutputNode } from "../session/node";
import { whenConnected } from "./connected";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { suppressShortcuts } from "./shortcuts";
import type { Surroundings } from "./surroundings";

interface Chunk {
  readonly createFrame: typeof createFrame;
}

/** A data table. Its code is loaded when the first one is shown. */
export function datatableView(node: OutputNode, around: Surroundings): NodeView {
  const words = element("p", "", "Loading the table …");
  const shown = element("div", "nbsession-node nbsession-datatable", words);
  suppressShortcuts(shown);
  let current = node;
  let frame: Frame | null = null;
  let ended = false;
  let disposed = false;
  const ready = publish(text(node.name));
  const compile = (source: readonly string[]) => makeFunction(Function, source);
  let pending = true;
  let stop = () => {};
  const create = ({ createFrame }: Chunk) => {
    pending = false;
    if (disposed) return;
    frame = createFrame(shown, current, { compile, call: around.call, ready });
    if (ended) frame.end();
  };
  const failed = (error: unknown) => {
    pending = false;
    words.textContent = `The table could not be shown: ${error}`;
  };
  const loading = around.channels.chunks.get("datatable");
  // The grid measures its style.
  const connected = new Promise<void>((resolve) => {
    stop = whenConnected(shown, resolve);
  });
  Promise.all([loading, connected])
    .then(([chunk]) => create(chunk as Chunk))
    .catch(failed);
  return {
    element: shown,
    update: (changed) => {
      current = changed;
      frame?.update(changed);
    },
    edit: (changed, edit) => frame?.edit(changed, edit),
    pending: () => pending,
    end: () => {
      ended = true;
      frame?.end();
    },
    dispose: () => {
      disposed = true;
      stop();
      frame?.dispose();
    },
  };
}

/** Let code of the page reach a grid by its name, as in the original. Returns the function that takes its options. */
function publish(name: string): (options: object) => void {
  if (!name) return () => {};
  const names = window as unknown as Record<string, unknown>;
  let settle: (options: object) => void = () => {};
  names[`ag_grid_${name}_promise`] = new Promise<object>((resolve) => {
    settle = resolve;
  });
  return (options) => {
    names[`ag_grid_${name}`] = options;
    settle(options);
  };
}
