// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { showSession } from "./shown_session";

let target: HTMLElement;
let frames: { node: Record<string, unknown>; host: Record<string, (...given: unknown[]) => unknown> }[];
const frame = { update: vi.fn(), edit: vi.fn(), end: vi.fn(), dispose: vi.fn() };

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
  frames = [];
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

const createFrame = (
  _shown: HTMLElement,
  node: Record<string, unknown>,
  host: (typeof frames)[0]["host"],
) => {
  frames.push({ node: { ...node }, host });
  return frame;
};
const node = {
  key: 1,
  kind: "datatable",
  fields: ["a"],
  rows: [["0", 1]],
  columns: [{ field: "a" }],
  options: {},
  functions: [],
  actions: [],
  name: "",
  callback: 5,
};

/** A session whose page has loaded the code of data tables, or has not if `chunk` fails. */
async function loaded(chunk: () => Promise<object> = async () => ({ createFrame })) {
  const session = await showSession(target);
  vi.spyOn(session.client.channels.chunks, "get").mockImplementation(chunk);
  return session;
}

test("the grid is created when its code is here, with all changes until then", async () => {
  let arrive: (chunk: object) => void = () => {};
  const { put, tell } = await loaded(() => new Promise((resolve) => (arrive = resolve)));
  await put(node);
  expect(target.textContent).toBe("Loading the table …");
  await tell(["edit", 1, ["insert", null, [["1", 2]], null]]);
  arrive({ createFrame });
  await vi.waitFor(() => expect(frames.length).toBe(1));
  expect(frames[0]?.node.rows).toEqual([
    ["0", 1],
    ["1", 2],
  ]);
});

test("a change goes to the grid after it was made in the node", async () => {
  const { put, tell } = await loaded();
  await put(node);
  await vi.waitFor(() => expect(frames.length).toBe(1));
  const edit = ["set", null, "0", 0, 7];
  await tell(["edit", 1, edit]);
  expect(frame.edit).toHaveBeenCalledWith(expect.objectContaining({ rows: [["0", 7]] }), edit);
});

test("code of the page finds a grid by its name, also before it is there", async () => {
  let arrive: (chunk: object) => void = () => {};
  const { put } = await loaded(() => new Promise((resolve) => (arrive = resolve)));
  await put({ ...node, name: "user" });
  const names = window as unknown as Record<string, Promise<object>>;
  const promised = names.ag_grid_user_promise;
  arrive({ createFrame });
  await vi.waitFor(() => expect(frames.length).toBe(1));
  const options = { api: {} };
  frames[0]?.host.ready?.(options);
  expect([await promised, names.ag_grid_user]).toEqual([options, options]);
});

test("a table whose code does not come says so", async () => {
  const { put } = await loaded(() => Promise.reject(new Error("no <b>network</b>")));
  await put(node);
  await vi.waitFor(() =>
    expect(target.textContent).toContain("could not be shown: Error: no <b>network</b>"),
  );
});

test("a table that is removed before its code comes gets none", async () => {
  let arrive: (chunk: object) => void = () => {};
  const { put, tell } = await loaded(() => new Promise((resolve) => (arrive = resolve)));
  await put(node);
  await tell(["remove", 1]);
  arrive({ createFrame });
  await new Promise((resolve) => setTimeout(resolve));
  expect(frames).toEqual([]);
});
