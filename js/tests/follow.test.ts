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

test("the page does not repeat what its hello contained", () => {
  dispatchEvent(new Event("focus"));
  expect(told).toEqual([]);
});

test("the page reports a new address", () => {
  history.pushState(null, "", "?page=2");
  dispatchEvent(new Event("popstate"));
  expect(told).toEqual([{ url: "http://localhost:3000/?page=2" }]);
});

test("without an event, the page reports a new address at the next key", () => {
  history.pushState(null, "", "?page=3");
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  expect(told).toEqual([{ url: "http://localhost:3000/?page=3" }]);
});

test("the page reports a new theme", async () => {
  document.body.dataset.jpThemeLight = "false";
  await settled();
  expect(told).toEqual([{ dark_mode: true }]);
});

test("the page reports a renamed notebook", () => {
  path = "b.ipynb";
  renamed();
  expect(told).toEqual([{ notebook: "b.ipynb" }]);
});

test("the page reports nothing after its end", () => {
  end.abort();
  path = "c.ipynb";
  dispatchEvent(new Event("focus"));
  expect(told).toEqual([]);
});

test("a client sends Python what has changed", async () => {
  const { client, python } = pair();
  await python.openSession();
  client.changed({ dark_mode: true });
  await settled();
  expect(python.on(0)).toContainEqual(["changed", { dark_mode: true }]);
});

test("a change before Python's answer to the hello is sent after the answer", async () => {
  const { client, python } = pair();
  client.changed({ dark_mode: true });
  client.changed({ dark_mode: false, url: "a" });
  await python.openSession();
  expect(python.on(0)).toContainEqual(["changed", { dark_mode: false, url: "a" }]);
});

test("a new context does not repeat a change that its hello contains", async () => {
  const { client, python } = pair();
  client.changed({ dark_mode: true });
  client.renew();
  await python.openSession();
  expect(python.on(0).map(([name]) => name)).not.toContain("changed");
});
