import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchForLateViews } from "../src/page/late_views";

const WIDGET_VIEW = "application/vnd.jupyter.widget-view+json";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A notebook of one cell for each list of model ids, and what its output areas were told. */
function notebook(...cells: string[][]) {
  const told: [cell: number, index: unknown][] = [];
  const list = <Item>(items: Item[]) => ({ length: items.length, get: (index: number) => items[index] });
  const outputs = cells.map((ids, cell) => ({
    ...list(ids.map((model_id) => ({ data: { [WIDGET_VIEW]: { model_id } } }))),
    stateChanged: { emit: (index: unknown) => told.push([cell, index]) },
  }));
  return { told, context: { model: { cells: list(outputs.map((each) => ({ outputs: each }))) } } };
}

/** A widget manager that knows models by their id: of which bridge they are, and the names of their views. */
function manager(models: Record<string, { bridge: string; views: string[] }>, shown: object = {}) {
  const slots = new Set<() => void>();
  return {
    ...shown,
    restored: {
      connect: (slot: () => void) => slots.add(slot),
      disconnect: (slot: () => void) => slots.delete(slot),
    },
    restore: () => {
      for (const slot of slots) slot();
    },
    slots,
    has_model: (id: string) => id in models,
    get_model: async (id: string) => ({
      get: (name: string) => (name === "bridge" ? models[id]?.bridge : undefined),
      views: Object.fromEntries(models[id]?.views.map((name) => [name, 1]) ?? []),
    }),
  };
}

const view = (bridge: string, ...views: string[]) => ({ bridge, views });

test("an output whose model has no view is rendered again, and only that", async () => {
  const shown = notebook(["ours", "shown"], ["another's"], ["nothing", "ours, too"]);
  const models = {
    ours: view("b"),
    shown: view("b", "a view"),
    "another's": view("c"),
    "ours, too": view("b"),
  };
  watchForLateViews(manager(models, shown), "b");
  await vi.advanceTimersByTimeAsync(1000);
  expect(shown.told).toEqual([
    [0, "0"],
    [2, "1"],
  ]);
});

test("a view that JupyterLab may yet make is waited for", async () => {
  const shown = notebook(["ours"]);
  watchForLateViews(manager({ ours: view("b") }, shown), "b");
  await vi.advanceTimersByTimeAsync(200);
  expect(shown.told).toEqual([]);
});

test("outputs are looked at again when widgets have been restored", async () => {
  const shown = notebook(["ours"]);
  const models: Parameters<typeof manager>[0] = {};
  const restoring = manager(models, shown);
  watchForLateViews(restoring, "b");
  await vi.advanceTimersByTimeAsync(1000);
  models.ours = view("b");
  restoring.restore();
  await vi.advanceTimersByTimeAsync(1000);
  expect(shown.told).toEqual([[0, "0"]]);
});

test("nothing is left behind", async () => {
  const shown = notebook(["ours"]);
  const restoring = manager({ ours: view("b") }, shown);
  watchForLateViews(restoring, "b")();
  await vi.advanceTimersByTimeAsync(1000);
  expect([restoring.slots.size, shown.told]).toEqual([0, []]);
});

test.each([undefined, {}, { context: {} }, notebook(["ours"])])(
  "a front end without these is left alone: %o",
  async (one) => {
    watchForLateViews(one, "b");
    await vi.advanceTimersByTimeAsync(1000);
    expect(Object(one).told ?? []).toEqual([]);
  },
);
