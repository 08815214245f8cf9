// @vitest-environment jsdom
import { expect, test } from "vitest";
import { whenKernelEnds } from "../src/page/kernel";
import { pair, settled } from "./fake_python";

async function welcomed(welcome: object = { version: "1.0" }) {
  const both = pair();
  both.python.say({ welcome });
  await both.python.openSession();
  return both;
}

test("Python is told how many views there are of a session", async () => {
  const { python, client } = await welcomed();
  client.presence.enter(1);
  client.presence.enter(1);
  await settled();
  expect(python.on(0)).toEqual([["views", 1, 2]]);
});

test("a session whose last view is gone is told of at once, and again when it stayed away for two seconds", async () => {
  const { python, client, clock } = await welcomed();
  const leave = client.presence.enter(1);
  await settled();
  leave();
  await settled();
  clock.advance(0.1);
  expect(python.on(0).slice(1)).toEqual([["views", 1, 0]]);
  clock.advance(2);
  await settled();
  expect(python.on(0).slice(2)).toEqual([["gone", 1]]);
});

test("a view that was only put elsewhere is not told of", async () => {
  const { python, client, clock } = await welcomed();
  const leave = client.presence.enter(1);
  await settled();
  leave();
  client.presence.enter(1);
  await settled();
  clock.advance(10);
  await settled();
  expect(python.on(0)).toEqual([["views", 1, 1]]);
});

test("a view that comes back within two seconds is not gone", async () => {
  const { python, client, clock } = await welcomed();
  const leave = client.presence.enter(1);
  await settled();
  leave();
  await settled();
  clock.advance(1.9);
  client.presence.enter(1);
  await settled();
  clock.advance(10);
  await settled();
  expect(python.on(0).map(([name]) => name)).toEqual(["views", "views", "views"]);
});

test("a notebook that was put away takes its views along", async () => {
  const { python, client, clock } = await welcomed();
  const leave = client.presence.enter(1);
  await settled();
  python.isConnected = false;
  leave();
  await settled();
  clock.advance(2);
  await settled();
  expect(python.on(0)).toEqual([["views", 1, 1]]);
});

test("that the view of a closed session is gone is told, too: Python keeps its model until then", async () => {
  const { python, client, clock } = await welcomed();
  const leave = client.presence.enter(1);
  await settled();
  python.tell(0, ["close", 1, "done"]);
  leave();
  await settled();
  clock.advance(0.1);
  clock.advance(2);
  await settled();
  expect(python.on(0).slice(1)).toEqual([
    ["views", 1, 0],
    ["gone", 1],
  ]);
});

test("a new context tells again what is there", async () => {
  const { python, client } = await welcomed();
  client.presence.enter(1);
  await settled();
  python.received.length = 0;
  python.renew();
  await settled();
  expect(python.on(0)).toEqual([["views", 1, 1]]);
});

test("a silent page lets Python know once a minute that it is there", async () => {
  const { python, clock } = await welcomed();
  const before = python.envelopes.length;
  clock.advance(59);
  expect(python.envelopes.length).toBe(before);
  clock.advance(122);
  expect(python.envelopes.slice(before)).toEqual(Array(3).fill({ context: python.context, alive: true }));
});

test("a page that talks needs no heartbeat", async () => {
  const { python, client, clock } = await welcomed();
  for (let turn = 0; turn < 10; turn++) {
    clock.advance(50);
    client.acknowledge();
  }
  expect(python.envelopes.filter((each) => each.alive)).toEqual([]);
});

test.each([
  [10, 12],
  [null, 0],
])("Python may ask for a heartbeat every %s seconds", async (heartbeat, count) => {
  const { python, clock } = await welcomed({ version: "1.0", heartbeat });
  clock.advance(120);
  expect(python.envelopes.filter((each) => each.alive).length).toBe(count);
});

test("before Python has answered there is no heartbeat, and after the goodbye neither", async () => {
  const { python, client, clock } = pair();
  clock.advance(300);
  python.say({ welcome: { version: "1.0" } });
  client.leave();
  clock.advance(300);
  expect(python.envelopes.filter((each) => each.alive)).toEqual([]);
});

test("a client that has ended says why to whoever asks later", async () => {
  const { python, client } = await welcomed();
  client.close("the kernel died");
  expect(client.channels.closedBecause(1)).toBe("the kernel died");
  python.say({ expired: true });
  expect(python.hellos.length).toBe(1);
});

test.each([
  [["idle"], []],
  [["busy"], []],
  [["restarting", "connecting", "idle"], ["the kernel was restarted, run the cell again"]],
  [["restarting", "autorestarting", "idle"], ["the kernel died and was restarted, run the cell again"]],
  [["dead"], ["the kernel died"]],
])("a kernel that is %s", async (statuses, reasons) => {
  const slots: ((sender: unknown, status: string) => void)[] = [];
  const statusChanged = { connect: (slot: (typeof slots)[number]) => slots.push(slot), disconnect: () => {} };
  const heard: string[] = [];
  whenKernelEnds({ statusChanged } as never, (reason) => heard.push(reason));
  for (const slot of slots) {
    for (const status of statuses) slot(null, status);
  }
  await new Promise((done) => setTimeout(done));
  expect(heard).toEqual(reasons);
});
