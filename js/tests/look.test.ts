// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { Look } from "../src/panel/look";

let root: HTMLElement;

beforeEach(() => {
  vi.restoreAllMocks();
  root = document.createElement("div");
  delete document.documentElement.dataset.nbsessionTheme;
});

const styles = () => [...root.querySelectorAll("style")].map((each) => each.textContent ?? "");

test("a style sheet applies to its view alone in a notebook", () => {
  new Look(root, false).show({ css_style: "p { color: red }" });
  const name = root.dataset.nbsessionLook;
  expect(styles()).toHaveLength(1);
  expect(styles()[0]).toContain(`[data-nbsession-look="${name}"]`);
  expect(styles()[0]).toContain("p { color: red }");
});

test("two views have names of their own", () => {
  const other = document.createElement("div");
  new Look(root, false).show({ css_style: "p {}" });
  new Look(other, false).show({ css_style: "p {}" });
  expect(root.dataset.nbsessionLook).not.toBe(other.dataset.nbsessionLook);
});

test("a style sheet applies to the whole of a served page", () => {
  new Look(root, true).show({ css_style: "body { margin: 0 }" });
  expect(styles()).toEqual(["body { margin: 0 }"]);
});

test.each(["dark", "sketchy", "minty", "yeti"])("the theme %s is the view's in a notebook", (theme) => {
  new Look(root, false).show({ theme });
  expect(root.dataset.nbsessionTheme).toBe(theme);
  expect(document.documentElement.dataset.nbsessionTheme).toBeUndefined();
});

test("a theme is that of the whole served page", () => {
  new Look(root, true).show({ theme: "dark" });
  expect(document.documentElement.dataset.nbsessionTheme).toBe("dark");
});

test.each(["default", "other", 7, null, undefined])("%s is no theme", (theme) => {
  const look = new Look(root, false);
  look.show({ theme: "dark" });
  look.show({ theme });
  expect(root.dataset.nbsessionTheme).toBeUndefined();
});

test("the sheets of a served page are linked", () => {
  new Look(root, true).show({ css_file: ["/static/a.css", 7] });
  const links = [...root.querySelectorAll("link")].map((each) => each.getAttribute("href"));
  expect(links).toEqual(["/static/a.css"]);
});

test("a linked sheet applies to its view alone in a notebook", async () => {
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("p { color: red }"));
  new Look(root, false).show({ css_file: ["/files/a.css"] });
  await vi.waitFor(() => expect(styles()[0]).toContain("p { color: red }"));
  expect(styles()[0]).toContain("data-nbsession-look");
});

test("a sheet that cannot be loaded is reported", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("", { status: 404 }));
  new Look(root, false).show({ css_file: ["/files/a.css"] });
  await vi.waitFor(() => expect(error).toHaveBeenCalled());
  expect(styles()).toEqual([""]);
});

test("what has not changed is not loaded again", () => {
  const look = new Look(root, false);
  look.show({ css_style: "p {}" });
  const before = root.querySelector("style");
  look.show({ css_style: "p {}", title: "other" });
  expect(root.querySelector("style")).toBe(before);
});
