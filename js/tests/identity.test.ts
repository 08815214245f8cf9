// @vitest-environment jsdom
import { expect, test } from "vitest";
import { Client } from "../src/page/client";
import { identify, randomId } from "../src/page/identity";
import { broadcastLocks, type Locks } from "../src/page/locks";
import { ResumeMarker, readResumeMarker } from "../src/page/resume_marker";
import { NO_STORE, sessionStore } from "../src/page/storage";
import { FakeClock, FakePython, FakeStore } from "./fake_python";

/** Web Locks that live as long as the test: each name is held by one at a time. */
class FakeLocks implements Locks {
  readonly held = new Set<string>();

  async request(name: string, _: object, held: (lock: unknown) => Promise<void>) {
    if (this.held.has(name)) return await held(null);
    this.held.add(name);
    await held({});
    this.held.delete(name);
  }
}

const kinds: [string, Locks][] = [
  ["the browser's locks", new FakeLocks()],
  ["tabs that ask one another", broadcastLocks],
];

test.each(kinds)("a reload keeps the page's name, with %s", async (_, locks) => {
  const [store, taken] = [new FakeStore(), new Set<string>()];
  const before = await identify("b", store, locks, taken);
  before.release();
  const after = await identify("b", store, locks, taken);
  expect([before.known, after.known]).toEqual([false, true]);
  expect(after.page).toBe(before.page);
});

test.each(kinds)(
  "a duplicated tab gets a name of its own and keeps it when it is reloaded, with %s",
  async (_, locks) => {
    const store = new FakeStore();
    const first = await identify("b", store, locks, new Set());
    const copy = new FakeStore();
    for (const [key, value] of store.values) copy.set(key, value);
    const second = await identify("b", copy, locks, new Set());
    expect(second.page).not.toBe(first.page);
    expect(second.known).toBe(false);
    second.release();
    const reloaded = await identify("b", copy, locks, new Set());
    expect(reloaded.page).toBe(second.page);
  },
);

test.each([
  ["with locks", new FakeLocks()],
  ["without locks", undefined],
])(
  "a second panel in the same document gets a name of its own and leaves the first one's alone, %s",
  async (_, locks) => {
    const [store, taken] = [new FakeStore(), new Set<string>()];
    const first = await identify("b", store, locks, taken);
    const second = await identify("b", store, locks, taken);
    expect(second.page).not.toBe(first.page);
    expect(second.markerKey).toBeNull();
    first.release();
    expect((await identify("b", store, locks, taken)).page).toBe(first.page);
  },
);

test("locks that answer late are no sign of another page", async () => {
  const slow: Locks = {
    async request(_name, _options, held) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await held({});
    },
  };
  const store = new FakeStore();
  store.set("nbsession:b:page", "stored");
  expect((await identify("b", store, slow, new Set())).page).toBe("stored");
});

test("a page that was reloaded waits until its former self has let go", async () => {
  const [store, locks] = [new FakeStore(), new FakeLocks()];
  const before = await identify("b", store, locks, new Set());
  const after = identify("b", store, locks, new Set(), true);
  setTimeout(before.release, 1000);
  expect((await after).page).toBe(before.page);
});

test("two panels that start at the same time get two names", async () => {
  const [store, taken] = [new FakeStore(), new Set<string>()];
  (await identify("b", store, undefined, taken)).release();
  const [one, two] = await Promise.all([
    identify("b", store, undefined, taken),
    identify("b", store, undefined, taken),
  ]);
  expect(one.page).not.toBe(two.page);
});

test("another bridge has another name", async () => {
  const store = new FakeStore();
  const one = await identify("b", store, undefined, new Set());
  expect((await identify("c", store, undefined, new Set())).page).not.toBe(one.page);
});

test("locks that do not work are no obstacle", async () => {
  const broken: Locks = { request: () => Promise.reject(new DOMException("no origin", "SecurityError")) };
  const store = new FakeStore();
  const one = await identify("b", store, broken, new Set());
  one.release();
  expect((await identify("b", store, broken, new Set())).page).toBe(one.page);
});

test("blocked storage is no obstacle", () => {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "sessionStorage");
  Object.defineProperty(globalThis, "sessionStorage", {
    configurable: true,
    get() {
      throw new DOMException("blocked", "SecurityError");
    },
  });
  try {
    const store = sessionStore();
    store.set("a", "b");
    expect(store.get("a")).toBeNull();
  } finally {
    if (descriptor) Object.defineProperty(globalThis, "sessionStorage", descriptor);
  }
});

test("ids are random and long", () => {
  expect(randomId()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomId()).not.toBe(randomId());
});

test("a note tells what had begun, and whether it ended", () => {
  const store = new FakeStore();
  const note = new ResumeMarker(store, "k", "ctx");
  expect(readResumeMarker(store, "k")).toEqual({ context: "ctx", begun: 0, finished: true });
  note.begin(5);
  expect(readResumeMarker(store, "k")).toEqual({ context: "ctx", begun: 5, finished: false });
  note.finish();
  expect(readResumeMarker(store, "k")).toEqual({ context: "ctx", begun: 5, finished: true });
});

test("a note that is written when the page is left says nothing before", () => {
  const store = new FakeStore();
  const note = new ResumeMarker(store, "k", "ctx", false);
  note.begin(5);
  expect(readResumeMarker(store, "k")).toBeNull();
  note.finish();
  expect(readResumeMarker(store, "k")).toEqual({ context: "ctx", begun: 5, finished: true });
});

test.each(["", "x", "a b c d", "ctx -1 0", "ctx 1 2"])("a note that reads %j is none", (text) => {
  const store = new FakeStore();
  store.set("k", text);
  expect(readResumeMarker(store, "k")).toBeNull();
});

/** A page with this storage: its Python, and its client. */
function load(store: FakeStore, known = true) {
  const python = new FakePython(new FakeClock());
  const identity = { page: "p", known, markerKey: "k", release: () => {} };
  const { clock } = python;
  const client = new Client({ transport: python, clock, store, identity, refuse: () => {} });
  return { python, client };
}

test("after a reload the hello says what the former context had begun and finished", async () => {
  const store = new FakeStore();
  const first = load(store);
  await first.python.openSession();
  first.client.leave();
  expect(first.python.envelopes.at(-1)).toEqual({
    context: first.python.context,
    goodbye: true,
    begun: 1,
  });
  const second = load(store);
  expect(second.python.hellos[0]?.previous).toEqual({
    context: first.python.context,
    begun: 1,
    finished: true,
  });
});

test("a context that dies in the middle of a frame is reported as not finished", async () => {
  const store = new FakeStore();
  const first = load(store);
  await first.python.openSession();
  let died = null as ReturnType<typeof load> | null;
  (globalThis as unknown as { die: () => void }).die = () => {
    died = load(store);
  };
  first.python.tell(1, ["run", "die()", {}]);
  expect(died?.python.hellos[0]?.previous).toEqual({
    context: first.python.context,
    begun: 2,
    finished: false,
  });
});

test("a page that is new says nothing of a context before it", () => {
  const store = new FakeStore();
  load(store);
  expect(load(store, false).python.hellos[0]?.previous).toBeNull();
});

test("a page that keeps no notes says hello without them", () => {
  const python = new FakePython(new FakeClock());
  const identity = { page: "p", known: true, markerKey: null, release: () => {} };
  new Client({ transport: python, clock: python.clock, store: NO_STORE, identity, refuse: () => {} });
  expect(python.hellos[0]).toMatchObject({ version: "1.0", page: "p", previous: null });
});

test("the hello describes the page as the protocol says", () => {
  const { python } = load(new FakeStore());
  expect(Object.keys(python.hellos[0]?.info ?? {}).sort()).toEqual(
    [
      "user_agent",
      "utc_offset",
      "language",
      "languages",
      "timezone",
      "host",
      "origin",
      "url",
      "base_url",
      "frontend",
      "screen",
      "dark_mode",
    ].sort(),
  );
});
