import { beforeEach, expect, test } from "vitest";
import type { KernelConnection } from "../src/page/kernel";
import { WIDGET_VIEW } from "../src/page/notebook_outputs";
import { keepRenditions } from "../src/page/renditions";

type Json = Record<string, unknown>;

class FakeSignal {
  private readonly slots = new Set<(sender: unknown, event: never) => void>();
  connect(slot: (sender: unknown, event: never) => void): void {
    this.slots.add(slot);
  }
  disconnect(slot: (sender: unknown, event: never) => void): void {
    this.slots.delete(slot);
  }
  emit(event?: unknown): void {
    for (const slot of this.slots) slot(null, event as never);
  }
}

/** A cell: what is shown, and what is saved. */
class FakeCell {
  readonly contentChanged = new FakeSignal();
  shown: Json[];
  /** How often JupyterLab has rendered an output anew. */
  rendered = 0;
  origin = "";

  constructor(
    readonly notebook: FakeNotebook,
    public saved: Json[],
    private readonly silent = true,
  ) {
    this.shown = structuredClone(saved);
    this.contentChanged.connect(() => {
      notebook.dirty = true;
    });
  }

  readonly sharedModel = {
    getOutputs: () => structuredClone(this.saved),
    updateOutputs: (start: number, _end: number, outputs: readonly Json[], origin: string) => {
      this.saved[start] = structuredClone(outputs[0]) as Json;
      this.origin = origin;
      if (this.silent) return;
      this.shown = structuredClone(this.saved);
      this.rendered += 1;
    },
  };

  readonly models = new WeakMap<Json, object>();

  get outputs() {
    return {
      length: this.shown.length,
      get: (index: number) => this.model(this.shown[index] as Json),
      set: (index: number, output: Json) => {
        this.shown[index] = output;
        this.saved[index] = structuredClone(output);
        this.rendered += 1;
        this.contentChanged.emit();
      },
    };
  }

  private model(output: Json): object {
    const model = this.models.get(output) ?? { ...output, toJSON: () => structuredClone(output) };
    this.models.set(output, model);
    return model;
  }
}

class FakeNotebook {
  dirty = false;
  collaborative = false;
  readonly changed = new FakeSignal();
  all: FakeCell[] = [];
  readonly cells = {
    changed: this.changed,
    get: (index: number) => this.all[index],
    get length() {
      return 0;
    },
  };
  constructor() {
    Object.defineProperty(this.cells, "length", { get: () => this.all.length });
  }
}

const iopubMessage = new FakeSignal();
const restored = new FakeSignal();
const saveState = new FakeSignal();
const kernel = { iopubMessage } as unknown as KernelConnection;
let notebook: FakeNotebook;
let models: Map<string, string>;
let stop: () => void;

const data = (html: string, id: string | null = "v") => ({
  "text/html": html,
  "text/plain": "nbsession view",
  ...(id && { [WIDGET_VIEW]: { version_major: 2, version_minor: 0, model_id: id } }),
});
const output = (html: string, id: string | null = "v", metadata: Json = {}) => ({
  output_type: "display_data",
  data: data(html, id),
  metadata,
});
const update = (html: string, id = "v") =>
  iopubMessage.emit({ header: { msg_type: "update_display_data" }, content: { data: data(html, id) } });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function open(...saved: Json[][]): FakeCell[] {
  notebook.all = saved.map((outputs) => new FakeCell(notebook, outputs));
  return notebook.all;
}

function start(): void {
  const widgetManager = {
    restored,
    context: { model: notebook, saveState },
    has_model: (id: string) => models.has(id),
    get_model: async (id: string) => ({ get: () => models.get(id) }),
  };
  stop = keepRenditions(widgetManager, kernel, "bridge");
}

beforeEach(() => {
  stop?.();
  notebook = new FakeNotebook();
  models = new Map([["v", "bridge"]]);
});

test("what Python tells of a rendition is saved beside the view's id", () => {
  const [cell] = open([output("constant")]) as [FakeCell];
  start();
  const content = { data: data("rendition"), metadata: { nbsession: { later: true } } };
  iopubMessage.emit({ header: { msg_type: "update_display_data" }, content });
  expect(cell.saved).toEqual([output("rendition", null, { nbsession: { later: true, view: "v" } })]);
});

test("an update is saved without the widget, and what is shown stays", () => {
  const [cell] = open([output("constant")]) as [FakeCell];
  start();
  update("rendition");
  expect(cell.saved).toEqual([output("rendition", null, { nbsession: { view: "v" } })]);
  expect(cell.shown).toEqual([output("constant")]);
  expect(cell.rendered).toBe(0);
  expect(cell.origin).toBe("silent-change");
  expect(notebook.dirty).toBe(true);
});

test("the same text again changes nothing", () => {
  open([output("constant")]);
  start();
  update("rendition");
  notebook.dirty = false;
  update("rendition");
  expect(notebook.dirty).toBe(false);
});

test("only the output of that view is changed", () => {
  const print = { output_type: "stream", name: "stdout", text: "printed" };
  const [first, second] = open([print, output("one", "w"), output("two")], [output("three")]) as FakeCell[];
  start();
  update("rendition");
  expect(first?.saved.slice(0, 2)).toEqual([print, output("one", "w")]);
  const written = output("rendition", null, { nbsession: { view: "v" } });
  expect([first?.saved[2], second?.saved[0]]).toEqual([written, written]);
});

test("other updates and other messages are ignored", () => {
  const [cell] = open([output("constant")]) as [FakeCell];
  start();
  update("rendition", "unknown");
  iopubMessage.emit({ header: { msg_type: "display_data" }, content: { data: data("display") } });
  iopubMessage.emit({ header: { msg_type: "update_display_data" }, content: {} });
  expect(cell.saved).toEqual([output("constant")]);
});

test("a saved rendition whose view exists is shown as a view, and is saved as before", async () => {
  const saved = output("rendition", null, { nbsession: { view: "v" } });
  const [cell] = open([saved]) as [FakeCell];
  start();
  await settled();
  expect(cell.shown).toEqual([output("rendition", "v", { nbsession: { view: "v" } })]);
  expect(cell.saved).toEqual([saved]);
  expect(notebook.dirty).toBe(false);
});

test("one whose view is gone, or belongs to another kernel, stays", async () => {
  models = new Map([["w", "another bridge"]]);
  const saved = [
    output("one", null, { nbsession: { view: "v" } }),
    output("two", null, { nbsession: { view: "w" } }),
  ];
  const [cell] = open(saved) as [FakeCell];
  start();
  await settled();
  expect(cell.rendered).toBe(0);
});

test("views that are restored late, and cells that are made anew, are shown as views", async () => {
  models.clear();
  const saved = output("rendition", null, { nbsession: { view: "v" } });
  const [cell] = open([saved]) as [FakeCell];
  start();
  await settled();
  models.set("v", "bridge");
  restored.emit();
  await settled();
  expect(cell.rendered).toBe(1);
  const [moved] = open([saved]) as [FakeCell];
  notebook.changed.emit();
  await settled();
  expect(moved.rendered).toBe(1);
});

test("what JupyterLab has written over a rendition is put right when the notebook is saved", () => {
  const [cell] = open([output("constant")]) as [FakeCell];
  start();
  update("rendition");
  cell.outputs.set(0, output("constant")); // as when it begins to trust the notebook
  saveState.emit("started");
  expect(cell.saved).toEqual([output("rendition", null, { nbsession: { view: "v" } })]);
});

test("where others share the model, the view stays in it", () => {
  notebook.collaborative = true;
  const [cell] = open([output("constant")]) as [FakeCell];
  start();
  update("rendition");
  expect(cell.saved).toEqual([output("rendition")]);
});

test("where a silent change is not silent, the view comes back, and no more is changed", async () => {
  const cell = new FakeCell(notebook, [output("constant")], false);
  notebook.all = [cell];
  start();
  update("rendition");
  await settled();
  expect(Object.keys(Object(cell.shown[0]?.data))).toContain(WIDGET_VIEW);
  const { rendered } = cell;
  update("another");
  expect(cell.rendered).toBe(rendered);
});

test("after its end, nothing is written", () => {
  const [cell] = open([output("constant")]) as [FakeCell];
  start();
  stop();
  update("rendition");
  expect(cell.saved).toEqual([output("constant")]);
});

test.each([
  undefined,
  {},
  { context: {} },
  { context: { model: {} } },
  { context: { model: { cells: {} } } },
])("a front end without such models is left alone: %j", async (widgetManager) => {
  stop = keepRenditions(widgetManager, kernel, "bridge");
  update("rendition");
  saveState.emit("started");
  await settled();
});
