// @vitest-environment jsdom
import { expect, test } from "vitest";
import { showSession } from "./shown_session";

test.each([
  ["text", "a", false],
  ["an output", { slot: 0 }, true],
])("a table with %s in a cell", async (_, cell, ofOutputs) => {
  document.body.replaceChildren();
  const { put } = await showSession(document.body.appendChild(document.createElement("div")));
  await put({ key: 1, kind: "table", headers: 0, rows: [[cell]] });
  const { classList } = document.querySelector(".nbsession-table") as HTMLElement;
  expect(classList.contains("nbsession-table-of-outputs")).toBe(ofOutputs);
});
