// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { showSession } from "./shown_session";

const rows = (count: number) => Array.from({ length: count }, (_, index) => [`${index}`]);
const table = (count: number) => ({ key: 1, kind: "table", headers: 0, rows: rows(count) });

async function shown() {
  document.body.replaceChildren();
  const session = await showSession(document.body.appendChild(document.createElement("div")));
  const cells = () => [...document.querySelectorAll("td")].map((each) => each.textContent);
  const value = () => {
    session.clock.advance(0.1);
    return session.python.on(1).find(([name]) => name === "value");
  };
  return { ...session, cells, value };
}

test("a long table is inserted in several tasks, in order", async () => {
  const { client, cells, put } = await shown();
  const added = vi.fn();
  const watcher = { put: () => added(cells().length), update: () => {}, remove: () => {} };
  client.channels.session(1)?.outputs.watch(watcher);
  await put(table(1000));
  expect(added.mock.calls[0]?.[0]).toBeLessThan(1000);
  await vi.waitFor(() => expect(cells()).toEqual(rows(1000).flat()));
});

test("code that comes after a long table sees all of it", async () => {
  const { tell, value } = await shown();
  await tell(["put", table(1000), null], ["eval", 1, "document.querySelectorAll('td').length", {}]);
  await vi.waitFor(() => expect(value()).toEqual(["value", 1, 1000]));
});

test("a long table that is changed meanwhile is the new one", async () => {
  const { cells, tell } = await shown();
  const changed = rows(900).reverse();
  await tell(["put", table(1000), null], ["update", 1, { rows: changed }]);
  await vi.waitFor(() => expect(cells()).toEqual(changed.flat()));
});

test("a cell of a long table contains its output", async () => {
  const { tell } = await shown();
  const last = { ...table(500), rows: [...rows(500), [{ text: "", slot: 0 }]] };
  await tell(["put", last, null], ["put", { key: 2, kind: "text", text: "in it", parent: 1, slot: 0 }, null]);
  await vi.waitFor(() => expect(document.querySelector("tr:last-child .nbsession-text")).not.toBeNull());
});
