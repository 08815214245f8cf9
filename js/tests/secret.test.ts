// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { takeSecret } from "../src/page/secret";
import { NO_STORE } from "../src/page/storage";
import { FakeStore, pair } from "./fake_python";

const at = (address: string) => history.replaceState(null, "", address);

beforeEach(() => at("/"));

test("the secret of the address is kept for a reload, and the address is without it", () => {
  const store = new FakeStore();
  at("/a?b=1#nbsession=x-y_z");
  expect(takeSecret("/a", store)).toBe("x-y_z");
  expect(location.pathname + location.search + location.hash).toBe("/a?b=1");
  expect(takeSecret("/a", store)).toBe("x-y_z");
});

test("a later page of the tab has a secret of its own", () => {
  const store = new FakeStore();
  at("/#nbsession=first");
  takeSecret("/", store);
  at("/#nbsession=second");
  expect(takeSecret("/", store)).toBe("second");
  expect(takeSecret("/", store)).toBe("second");
});

test("a fragment that holds no secret stays, and none is made up", () => {
  at("/#section");
  expect(takeSecret("/", new FakeStore())).toBeNull();
  expect(location.hash).toBe("#section");
});

test("where nothing can be kept the secret is good for this load", () => {
  at("/#nbsession=x");
  expect(takeSecret("/", NO_STORE)).toBe("x");
  expect(takeSecret("/", NO_STORE)).toBeNull();
});

test("each hello has the secret, if there is one", () => {
  const { python } = pair(NO_STORE, undefined, { secret: "x" });
  python.renew();
  expect(python.hellos.map((hello) => hello.secret)).toEqual(["x", "x"]);
  expect("secret" in (pair().python.hellos[0] ?? {})).toBe(false);
});
