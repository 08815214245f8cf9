// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

const find = (selector: string) => target.querySelector<HTMLElement>(selector);
const words = (key: number, slot?: number) => ({
  key,
  kind: "text",
  text: `t${key}`,
  parent: 1,
  ...(slot === undefined ? {} : { slot }),
});
const grid = (more: object) => ({
  key: 1,
  kind: "grid",
  layout: "row",
  columns: "",
  rows: "",
  direction: "row",
  cells: [],
  ...more,
});
const contents = () => [...(find(".nbsession-grid")?.children ?? [])].map((each) => each.textContent);

test("outputs stand in the cells that they are put into, between spacers", async () => {
  const { put } = await showSession(target);
  await put(grid({ cells: [{ slot: 0 }, {}, { slot: 1 }] }), words(2, 1), words(3, 0));
  expect(contents()).toEqual(["t3", "", "t2"]);
});

test("outputs directly in a grid are cells on their own", async () => {
  const { put } = await showSession(target);
  await put(grid({}), words(2), words(3));
  expect(contents()).toEqual(["t2", "t3"]);
});

test("an output of a cell that there is not stands in the grid itself", async () => {
  const { put } = await showSession(target);
  await put(grid({ cells: [{ slot: 0 }] }), words(2, 7));
  expect(contents()).toEqual(["", "t2"]);
});

test.each([
  ["row", "row", "column"],
  ["column", "column", ""],
  ["grid", "row", ""],
  ["grid", "column", "column"],
])("a %s with direction %s fills its cells by %j", async (layout, direction, flow) => {
  const { put } = await showSession(target);
  await put(grid({ layout, direction }));
  expect(find(`.nbsession-grid-${layout}`)?.style.gridAutoFlow).toBe(flow);
});

test("the tracks are as Python says, and cells cover several of them", async () => {
  const { put, tell } = await showSession(target);
  await put(grid({ columns: "1fr 10px", rows: "20px", cells: [{ slot: 0, rows: 2, columns: 3 }] }));
  const { style } = find(".nbsession-grid") as HTMLElement;
  const cell = find(".nbsession-cell")?.style;
  expect([style.gridTemplateColumns, style.gridTemplateRows]).toEqual(["1fr 10px", "20px"]);
  expect([cell?.gridRow, cell?.gridColumn]).toEqual(["span 2", "span 3"]);
  await tell(["update", 1, { columns: "", rows: "", cells: [{ slot: 0 }] }]);
  expect([style.gridTemplateColumns, style.gridTemplateRows, cell?.gridRow]).toEqual(["", "", ""]);
});

test("a grid that changes keeps its cells with what is in them, in the new order", async () => {
  const { put, tell } = await showSession(target);
  await put(grid({ cells: [{ slot: 0 }, { slot: 1 }] }), words(2, 0), words(3, 1));
  await tell(
    ["update", 1, { cells: [{ slot: 1 }, {}, { slot: 5 }, { slot: 0 }] }],
    ["put", words(4, 5), null],
  );
  expect(contents()).toEqual(["t3", "", "t4", "t2"]);
});

test("cells that stay where they are keep the focus", async () => {
  const { put, tell } = await showSession(target);
  await put(grid({ cells: [{ slot: 0 }] }), {
    key: 2,
    kind: "buttons",
    callback: 1,
    buttons: [{ label: "b" }],
    parent: 1,
    slot: 0,
  });
  find("button")?.focus();
  await tell(["update", 1, { cells: [{}, { slot: 0 }, { slot: 1 }] }]);
  expect(document.activeElement?.textContent).toBe("b");
});

test.each([
  [{ cells: 5 }],
  [{ cells: [null, 3, "x", { slot: "a" }, { slot: Number.NaN }, []] }],
  [{ cells: [{ slot: 0, rows: 1e300, columns: Number.NaN }] }],
  [{ cells: [{ slot: 0 }, { slot: 0 }] }],
  [{ cells: [{ slot: 0, rows: -3, columns: "x" }] }],
  [{ layout: 5, columns: {}, rows: [], direction: null }],
  [{ columns: "1fr; position: fixed", rows: "url(x)" }],
])("a grid with %j is shown as far as possible", async (more) => {
  const failed = vi.spyOn(console, "error");
  const { put, tell } = await showSession(target);
  await put(grid(more), words(2, 0));
  await tell(["update", 1, { ...more }]);
  expect(find(".nbsession-grid")?.textContent).toContain("t2");
  expect(find(".nbsession-grid")?.style.position).toBe("");
  expect(failed).not.toHaveBeenCalled();
});

test("a cell covers no more than a thousand rows", async () => {
  const { put } = await showSession(target);
  await put(grid({ cells: [{ slot: 0, rows: 1e9 }] }));
  expect(find(".nbsession-cell")?.style.gridRow).toBe("span 1000");
});
