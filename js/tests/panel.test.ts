// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mountSession } from "../src/panel/mount";
import { toast } from "../src/panel/toast";
import { pair, settled } from "./fake_python";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

afterEach(() => {
  vi.useRealTimers();
});

const error = {
  key: 1,
  kind: "error",
  name: "TypeError",
  message: "no <b>x</b>",
  code: "x()",
  stack: "at x",
};
const nodes = () => [...target.querySelectorAll(".nbsession-node")].map((each) => each.textContent);

test("nodes appear, change and go as Python says", async () => {
  const { client, python } = pair();
  await python.openSession();
  mountSession(client, 1, target);
  python.tell(
    1,
    ["put", { key: 1, kind: "notice", level: "info", text: "one" }],
    ["put", { key: 2, kind: "x", text: "two" }],
  );
  await settled();
  expect(nodes()).toEqual(["Note one", "two"]);
  python.tell(1, ["update", 2, { text: "three" }], ["remove", 1]);
  await settled();
  expect(nodes()).toEqual(["three"]);
  python.tell(1, ["snapshot", [{ key: 7, kind: "notice", level: "error", text: "all new" }]]);
  await settled();
  expect(nodes()).toEqual(["Error all new"]);
});

test("what came before the view is shown, in every view", async () => {
  const { client, python } = pair();
  await python.openSession();
  python.tell(1, ["put", { key: 1, kind: "x", text: "early" }]);
  await settled();
  const other = document.createElement("div");
  mountSession(client, 1, target);
  mountSession(client, 1, other);
  expect([target.textContent, other.textContent]).toEqual(["early", "early"]);
});

test("what stands apart is shown by a view of its own, and by what shows all", async () => {
  const { client, python } = pair();
  await python.openSession();
  const [root, apart, all] = [0, 2, null].map((part) => {
    const element = document.createElement("div");
    mountSession(client, 1, element, null, part);
    return element;
  });
  const texts = () => [root, apart, all].map((each) => each?.textContent);
  python.tell(
    1,
    ["put", { key: 1, kind: "x", text: "a" }, null],
    ["put", { key: 2, kind: "scope", name: "s", apart: true }, null],
    ["put", { key: 3, kind: "x", text: "b", parent: 2 }, null],
    ["put", { key: 4, kind: "scope", name: "t", parent: 2 }, null],
    ["put", { key: 5, kind: "x", text: "c", parent: 4 }, null],
  );
  await settled();
  expect(texts()).toEqual(["a", "bc", "abc"]);
});

test("what moves to another part goes there with all that is in it", async () => {
  const { client, python } = pair();
  await python.openSession();
  const apart = document.createElement("div");
  mountSession(client, 1, target, null, 0);
  mountSession(client, 1, apart, null, 1);
  python.tell(
    1,
    ["put", { key: 1, kind: "scope", name: "s", apart: true }, null],
    ["put", { key: 2, kind: "scope", name: "t" }, null],
    ["put", { key: 3, kind: "x", text: "moves", parent: 2 }, null],
    ["move", 2, 0, 1],
  );
  await settled();
  expect([target.textContent, apart.textContent]).toEqual(["", "moves"]);
});

test("text is text, whatever it looks like", async () => {
  const { client, python } = pair();
  await python.openSession();
  mountSession(client, 1, target);
  python.tell(
    1,
    ["put", { ...error, count: 12 }],
    ["put", { key: 2, kind: "notice", level: "<i>", text: "<img src=x>" }],
  );
  await settled();
  expect(target.querySelector("b, i, img")).toBeNull();
  expect(target.querySelector(".nbsession-heading")?.textContent).toBe("TypeError: no <b>x</b>");
  expect(target.querySelector(".nbsession-count")?.textContent).toBe("×12");
});

test("an error that occurs once has no count, and counts up in place", async () => {
  const { client, python } = pair();
  await python.openSession();
  mountSession(client, 1, target);
  python.tell(1, ["put", { ...error, count: 1 }]);
  await settled();
  const count = target.querySelector<HTMLElement>(".nbsession-count");
  expect(count?.hidden).toBe(true);
  python.tell(1, ["update", 1, { count: 3 }]);
  await settled();
  expect([count?.hidden, count?.textContent]).toEqual([false, "×3"]);
});

test.each([
  ["info", "status"],
  ["warning", "alert"],
  ["error", "alert"],
])("a notice of level %s has the role %s", async (level, role) => {
  const { client, python } = pair();
  await python.openSession();
  mountSession(client, 1, target);
  python.tell(1, ["put", { key: 1, kind: "notice", level, text: "x" }]);
  await settled();
  expect(target.querySelector(".nbsession-notice")?.getAttribute("role")).toBe(role);
});

test("a download's bar tells how much has arrived", async () => {
  const { client, python } = pair();
  await python.openSession();
  python.tell(0, ["open", 2, { kind: "download", session: 1, name: "a.bin", size: 4, type: "" }]);
  await settled();
  mountSession(client, 1, target);
  python.tell(1, ["put", { key: 1, kind: "download", channel: 2, name: "a.bin", size: 4, state: "running" }]);
  await settled();
  const bar = target.querySelector<HTMLElement>("[role=progressbar]");
  expect(bar?.getAttribute("aria-valuenow")).toBe("0");
  python.link.send(2, '["chunk"]', [new Uint8Array(3)], 0);
  python.flush();
  await vi.waitFor(() => expect(bar?.getAttribute("aria-valuenow")).toBe("75"));
  expect(bar?.getAttribute("aria-label")).toContain("a.bin");
  python.tell(1, ["update", 1, { state: "saved", text: "" }]);
  await settled();
  expect([bar?.hidden, target.textContent]).toEqual([true, expect.stringContaining("Saved")]);
});

test("a view that is there before its session shows it when it is opened", async () => {
  const { client, python } = pair();
  mountSession(client, 1, target);
  await python.openSession();
  python.tell(1, ["put", { key: 1, kind: "x", text: "at last" }]);
  await settled();
  expect(nodes()).toEqual(["at last"]);
});

test("a view whose session does not open within 3 s says so, until it does", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { client, python } = pair();
  mountSession(client, 1, target);
  vi.advanceTimersByTime(2999);
  expect(target.textContent).toBe("");
  vi.advanceTimersByTime(1);
  expect(target.textContent).toBe("session closed, run the cell again");
  vi.useRealTimers();
  await python.openSession();
  expect(target.querySelector<HTMLElement>(".nbsession-closed")?.hidden).toBe(true);
});

test("a closed session's view keeps what it shows and says why it ended", async () => {
  const { client, python } = pair();
  await python.openSession();
  mountSession(client, 1, target);
  python.tell(1, ["put", { key: 1, kind: "x", text: "kept" }]);
  await settled();
  python.tell(0, ["close", 1, "the cell was run again"]);
  await settled();
  expect(nodes()).toEqual(["kept"]);
  expect(target.querySelector(".nbsession-closed")?.textContent).toBe("the cell was run again");
});

test("a session that comes back on a new context is shown afresh", async () => {
  const { client, python } = pair();
  await python.openSession();
  mountSession(client, 1, target);
  python.tell(1, ["put", { key: 1, kind: "x", text: "old" }]);
  await settled();
  python.link.renew(2, true);
  python.say({ expired: true });
  await python.openSession();
  python.tell(1, ["snapshot", [{ key: 1, kind: "x", text: "new" }]]);
  await settled();
  expect(nodes()).toEqual(["new"]);
  expect(target.querySelector<HTMLElement>(".nbsession-closed")?.hidden).toBe(true);
});

test("an unmounted view is gone and hears of nothing", async () => {
  const { client, python } = pair();
  await python.openSession();
  const unmount = mountSession(client, 1, target);
  unmount();
  python.tell(1, ["put", { key: 1, kind: "x", text: "late" }]);
  await settled();
  expect(target.childElementCount).toBe(0);
});

test("a toast is shown once and can be dismissed", () => {
  toast("reload the page");
  toast("reload the page");
  expect(document.querySelectorAll(".nbsession-toast")).toHaveLength(1);
  document.querySelector<HTMLElement>(".nbsession-dismiss")?.click();
  expect(document.querySelector(".nbsession-toast")).toBeNull();
});
