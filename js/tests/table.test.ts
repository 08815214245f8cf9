// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { showSession } from "./shown_session";

let target: HTMLElement;
beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});
const find = (selector: string) => target.querySelector<HTMLElement>(selector);

test("a table that changes keeps the rows that are as before", async () => {
  const { put, tell } = await showSession(target);
  const rows = (...texts: string[]) => [["head"], ...texts.map((each) => [each])];
  await put({ key: 1, kind: "table", headers: 1, rows: rows("a", "b", "c") });
  const lines = () => [...target.querySelectorAll("tr")];
  const [head, , , last] = lines();
  await tell(["update", 1, { rows: rows("a", "x") }], ["update", 1, { rows: rows("a", "x", "y", "z") }]);
  expect(lines().map((each) => each.textContent)).toEqual(["head", "a", "x", "y", "z"]);
  expect([lines()[0] === head, target.contains(last ?? null)]).toEqual([true, false]);
});

test("a node moves into a cell, and a table that changes keeps it", async () => {
  const { tell, put } = await showSession(target);
  const rows = [["h"], [{ slot: 0 }]];
  await put({ key: 1, kind: "text", text: "moved" }, { key: 2, kind: "table", headers: 1, rows });
  await tell(["move", 1, 0, 2]);
  expect(find("td .nbsession-text")?.textContent).toBe("moved");
  await tell(["update", 2, { rows: [["new"], [{ slot: 0 }]] }]);
  expect([find("th")?.textContent, find("td .nbsession-text")?.textContent]).toEqual(["new", "moved"]);
});

test("header cells say whose headers they are", async () => {
  const { put } = await showSession(target);
  await put({
    key: 1,
    kind: "table",
    headers: 1,
    rows: [
      ["a", { text: "b", columns: 2 }],
      ["<i>", "2", "3"],
    ],
  });
  expect([...target.querySelectorAll("th")].map((each) => [each.scope, each.colSpan])).toEqual([
    ["col", 1],
    ["colgroup", 2],
  ]);
  expect(find("td")?.textContent).toBe("<i>");
});

test.each([
  ["text", "a", false],
  ["an output", { slot: 0 }, true],
])("a table has the look of a board only with outputs: %s in a cell", async (_, cell, ofOutputs) => {
  const { put } = await showSession(target);
  await put({ key: 1, kind: "table", headers: 0, rows: [[cell]] });
  expect(find(".nbsession-table")?.classList.contains("nbsession-table-of-outputs")).toBe(ofOutputs);
});
