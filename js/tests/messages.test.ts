// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { settled } from "./fake_python";
import { showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

const find = <E extends HTMLElement = HTMLElement>(selector: string) => target.querySelector<E>(selector);
const message = { key: 1, kind: "message", level: "info", closable: true, callback: 7 };
const words = { key: 2, kind: "text", text: "said", parent: 1, slot: 0 };

// -- message

test.each([
  ["info", "status"],
  ["success", "status"],
  ["warning", "alert"],
  ["error", "alert"],
])("a message of level %s has the role %s", async (level, role) => {
  const { put } = await showSession(target);
  await put({ ...message, level }, words);
  const box = find(`.nbsession-message.nbsession-${level}`);
  expect([box?.getAttribute("role"), box?.firstElementChild?.textContent]).toEqual([role, "said"]);
});

test("a message that is closed is hidden at once, and Python hears of it", async () => {
  const { put, tell, python } = await showSession(target);
  await put(message, words);
  find("[aria-label=Close]")?.click();
  expect(find(".nbsession-message")?.hidden).toBe(true);
  await settled();
  expect(python.on(1)).toEqual([["callback", 7, null]]);
  await tell(["update", 1, { level: "error" }]);
  expect(find(".nbsession-message")?.hidden).toBe(true);
});

test("a message without a callback can be closed, too", async () => {
  const { put, python } = await showSession(target);
  await put({ ...message, callback: undefined });
  find("button")?.click();
  await settled();
  expect([find(".nbsession-message")?.hidden, python.on(1)]).toEqual([true, []]);
});

test("only a closable message has a button", async () => {
  const { put, tell } = await showSession(target);
  await put({ ...message, closable: false });
  expect(find("button")?.hidden).toBe(true);
  await tell(["update", 1, { closable: true }]);
  expect(find("button")?.hidden).toBe(false);
});

test("a message of a session that has ended is closed on the page only", async () => {
  const { put, tell, python } = await showSession(target);
  await put(message);
  await tell(["ended", "over", false]);
  find("button")?.click();
  await settled();
  expect([find(".nbsession-message")?.hidden, python.on(1)]).toEqual([true, []]);
});

test("when a message with the focus is closed, its cell gets it", async () => {
  document.body.innerHTML = '<div class="jp-Cell" tabindex="-1"><div id="shown"></div></div>';
  target = document.getElementById("shown") as HTMLElement;
  const { put } = await showSession(target);
  await put(message);
  find("button")?.focus();
  find("button")?.click();
  expect(document.activeElement).toBe(target.parentElement);
});

test("a message with values of other types is shown as far as possible", async () => {
  const failed = vi.spyOn(console, "error");
  const { put } = await showSession(target);
  await put({ ...message, level: "constructor", closable: 1, callback: {} }, words);
  expect([find(".nbsession-info")?.textContent, find("button")?.hidden]).toEqual(["said×", true]);
  expect(failed).not.toHaveBeenCalled();
});

// -- link

const link = {
  key: 1,
  kind: "link",
  text: "<b>there</b>",
  href: "https://example.org/?a=1",
  new_window: false,
};

test("a link has its text and its address", async () => {
  const { put } = await showSession(target);
  await put(link);
  const shown = find<HTMLAnchorElement>("a");
  expect([shown?.textContent, shown?.href, shown?.hasAttribute("target")]).toEqual([
    "<b>there</b>",
    "https://example.org/?a=1",
    false,
  ]);
});

test("a link to a new window tells that page nothing", async () => {
  const { put, tell } = await showSession(target);
  await put({ ...link, new_window: true });
  expect([find("a")?.getAttribute("target"), find("a")?.getAttribute("rel")]).toEqual([
    "_blank",
    "noopener noreferrer",
  ]);
  await tell(["update", 1, { new_window: false }]);
  expect([find("a")?.hasAttribute("target"), find("a")?.hasAttribute("rel")]).toEqual([false, false]);
});

test.each([
  "http://example.org",
  "mailto:ada@example.org",
  "tel:+49",
  "page.html",
  "../up",
  "/root",
  "?app=x",
  "#part",
  "//host/x",
])("%s is an address of a link", async (href) => {
  const { put } = await showSession(target);
  await put({ ...link, href });
  expect(find("a")?.getAttribute("href")).toBe(href);
});

test.each([
  "javascript:alert(1)",
  " java\nscript:alert(1)",
  "JAVASCRIPT:x",
  "data:text/html,x",
  "blob:https://x/1",
  "file:///etc/passwd",
  "vbscript:x",
  "http://[",
  "",
  null,
  {},
  7,
])("%j is shown without code behind it", async (href) => {
  const { put } = await showSession(target);
  await put({ ...link, href });
  const found = find("a")?.getAttribute("href") ?? "";
  expect([find("a")?.textContent, /^[^:]*$/.test(found)]).toEqual(["<b>there</b>", true]);
});

test("a link whose address becomes forbidden is none", async () => {
  const { put, tell } = await showSession(target);
  await put(link);
  await tell(["update", 1, { href: "javascript:alert(1)" }]);
  expect(find("a")?.hasAttribute("href")).toBe(false);
});

// -- loading

test("what loads says so, in its shape and colour", async () => {
  const { put } = await showSession(target);
  await put({ key: 1, kind: "loading", shape: "grow", color: "danger" });
  const shown = find("[role=status][aria-label=Loading]");
  expect(shown?.querySelector(".nbsession-spinner-grow.nbsession-color-danger")).not.toBeNull();
});

test("a shape and a colour that there are not become others", async () => {
  const { put } = await showSession(target);
  await put({ key: 1, kind: "loading", shape: {}, color: "x y" });
  expect(find(".nbsession-spinner-border.nbsession-color-dark")).not.toBeNull();
});

test("nothing loads when the session has ended", async () => {
  const { put, tell } = await showSession(target);
  await put({ key: 1, kind: "loading", shape: "border", color: "dark" });
  await tell(["ended", "over", false]);
  expect(find(".nbsession-spinner")).toBeNull();
});

test("what is put into a loading sign is below it", async () => {
  const { put } = await showSession(target);
  await put({ key: 1, kind: "loading", shape: "border", color: "dark" });
  await put({ key: 2, kind: "text", text: "reading", parent: 1 });
  expect(find(".nbsession-loading > .nbsession-flow")?.textContent).toBe("reading");
  expect(find("[role=status]")?.textContent).toBe("");
});

// -- links that Python follows

test("a link with a callback calls Python", async () => {
  const { put, python } = await showSession(target);
  await put({ key: 1, kind: "link", text: "other", href: null, callback: 7 });
  find<HTMLButtonElement>("button")?.click();
  await settled();
  expect(python.on(1)).toEqual([["callback", 7, null]]);
});

test("a link with a callback leads nowhere when the session has ended", async () => {
  const { put, tell } = await showSession(target);
  await put({ key: 1, kind: "link", text: "other", href: null, callback: 7 });
  await tell(["ended", "over", false]);
  expect(find<HTMLButtonElement>("button")?.disabled).toBe(true);
});
