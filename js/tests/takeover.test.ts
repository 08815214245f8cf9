// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { mountSession } from "../src/panel/mount";
import { type FakeClock, pair, settled } from "./fake_python";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

const shared = globalThis as unknown as { ran: number[]; finish: (value: number) => void };

/** A page on which session 1 acts and is shown. */
async function acting() {
  shared.ran = [];
  const { client, python } = pair();
  await python.openSession();
  mountSession(client, 1, target);
  return { client, python };
}

/** Keep the promise of the eval, and let the time pass in which a page gathers what it has to say. */
async function finish(clock: FakeClock): Promise<void> {
  shared.finish(5);
  await settled();
  clock.advance(1);
}

const useHere = () => [...target.querySelectorAll("button")].find((each) => each.textContent === "Use here");

test("a page that is asked to leave answers when it has run what came before", async () => {
  const { python } = await acting();
  python.tell(1, ["run", "ran.push(1)", {}], ["moved", "Firefox on Linux"]);
  await settled();
  expect(shared.ran).toEqual([1]);
  expect(python.on(1)).toEqual([["left"]]);
  expect(target.textContent).toContain("This session runs in another window: Firefox on Linux");
});

test("a promise that was begun before still answers", async () => {
  const { python } = await acting();
  python.tell(1, ["eval", 7, "new Promise((done) => { window.finish = done; })", {}], ["moved", ""]);
  await settled();
  await finish(python.clock);
  expect(python.on(1)).toEqual([["left"], ["value", 7, 5]]);
});

test("a promise of before answers also when the session is here again", async () => {
  const { python } = await acting();
  python.tell(1, ["eval", 7, "new Promise((done) => { window.finish = done; })", {}], ["moved", ""]);
  await settled();
  await python.openSession();
  python.tell(1, ["eval", 8, "1", {}]);
  await settled();
  await finish(python.clock);
  expect(python.on(1)).toEqual([["left"], ["value", 8, 1], ["value", 7, 5]]);
});

test("the reader asks for a session that is elsewhere, once", async () => {
  const { client, python } = pair();
  mountSession(client, 1, target);
  python.tell(0, ["elsewhere", 1, ""]);
  await settled();
  expect(target.textContent).toBe("This session runs in another windowUse here");
  useHere()?.click();
  useHere()?.click();
  await settled();
  expect(python.on(0)).toEqual([["take", 1]]);
  await python.openSession();
  expect(target.textContent).toBe("");
});

test("a session that ends on the other page says why", async () => {
  const { client, python } = pair();
  mountSession(client, 1, target);
  python.tell(0, ["elsewhere", 1, ""], ["close", 1, "its output was cleared"]);
  await settled();
  expect(target.textContent).toBe("its output was cleared");
});

test("what was shown stays when the session goes, and does nothing any more", async () => {
  const { python } = await acting();
  python.tell(
    1,
    ["put", { key: 1, kind: "buttons", buttons: [{ label: "Go" }], callback: 3 }, null],
    ["moved", ""],
  );
  await settled();
  const go = [...target.querySelectorAll("button")].find((each) => each.textContent === "Go");
  expect(go?.disabled).toBe(true);
  expect(useHere()?.disabled).toBe(false);
});

test("a page that leaves runs nothing more", async () => {
  const { client, python } = await acting();
  client.leave();
  python.tell(1, ["run", "ran.push(1)", {}]);
  await settled();
  expect(shared.ran).toEqual([]);
  expect(python.envelopes.at(-1)).toEqual({ context: python.context, goodbye: true, begun: 1 });
});

test("a page whose notebook is put away says so although it is no longer connected", async () => {
  const { client, python } = await acting();
  python.connected = () => false;
  client.leave(true);
  expect(python.envelopes.at(-1)).toEqual({
    context: python.context,
    goodbye: true,
    begun: 1,
    put_away: true,
  });
});

test("a long list of commands that may have run is there to be read", async () => {
  const { python } = await acting();
  python.tell(1, ["put", { key: 1, kind: "notice", level: "warning", text: "some", details: "a\nb" }, null]);
  await settled();
  expect(target.querySelector("details")?.textContent).toBe("Alla\nb");
});
