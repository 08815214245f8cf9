// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Changing, changing, follow } from "../src/page/follow";
import { pair, settled } from "./fake_python";

let end: AbortController;
let told: Partial<Changing>[];
let path: string | undefined;
let renamed: () => void;

beforeEach(() => {
  end = new AbortController();
  told = [];
  path = "a.ipynb";
  const signal = {
    connect: (listener: () => void) => {
      renamed = listener;
    },
    disconnect: () => {},
  };
  follow(
    () => changing(path),
    (changed) => told.push(changed),
    end.signal,
    signal,
  );
});

afterEach(() => {
  end.abort();
  delete document.body.dataset.jpThemeLight;
});

test("what the hello has is not told again", () => {
  dispatchEvent(new Event("focus"));
  expect(told).toEqual([]);
});

test("a new address is told", () => {
  history.pushState(null, "", "?page=2");
  dispatchEvent(new Event("popstate"));
  expect(told).toEqual([{ url: "http://localhost:3000/?page=2" }]);
});

test("an address that no event announces is told at the next key", () => {
  history.pushState(null, "", "?page=3");
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  expect(told).toEqual([{ url: "http://localhost:3000/?page=3" }]);
});

test("a new theme is told", async () => {
  document.body.dataset.jpThemeLight = "false";
  await settled();
  expect(told).toEqual([{ dark_mode: true }]);
});

test("a notebook that is renamed is told", () => {
  path = "b.ipynb";
  renamed();
  expect(told).toEqual([{ notebook: "b.ipynb" }]);
});

test("nothing is told once it has ended", () => {
  end.abort();
  path = "c.ipynb";
  dispatchEvent(new Event("focus"));
  expect(told).toEqual([]);
});

test("a client passes on what has changed", async () => {
  const { client, python } = pair();
  await python.openSession();
  client.changed({ dark_mode: true });
  await settled();
  expect(python.on(0)).toContainEqual(["changed", { dark_mode: true }]);
});

test("what changes before Python has answered the hello is told after it", async () => {
  const { client, python } = pair();
  client.changed({ dark_mode: true });
  client.changed({ dark_mode: false, url: "a" });
  await python.openSession();
  expect(python.on(0)).toContainEqual(["changed", { dark_mode: false, url: "a" }]);
});

test("what has changed is not told again in a new context, whose hello has it", async () => {
  const { client, python } = pair();
  client.changed({ dark_mode: true });
  client.renew();
  await python.openSession();
  expect(python.on(0).map(([name]) => name)).not.toContain("changed");
});
