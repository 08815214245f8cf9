// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { safeFragment } from "../src/panel/sanitize";
import { showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

const shown = () => target.querySelector<HTMLElement>(".nbsession-widget") as HTMLElement;
const text = (key: number, content: string) => ({ key, kind: "text", text: content });
const widget = (html: unknown, slots: unknown, more: object = {}) => ({
  key: 9,
  kind: "widget",
  html,
  slots,
  ...more,
});

test("nodes stand between the pieces of a template", async () => {
  const { put, tell } = await showSession(target);
  await put(text(1, "first"), text(2, "second"), widget(["<ul><li>", "<li>", "</ul>"], [1, 0]));
  await tell(["move", 1, 0, 9], ["move", 2, 1, 9]);
  expect([...shown().querySelectorAll("li")].map((each) => each.textContent)).toEqual(["second", "first"]);
});

test("a template that changes keeps its nodes, and one that does not is not rebuilt", async () => {
  const { put, tell } = await showSession(target);
  await put(text(1, "kept"), widget(["<p>a</p>", ""], [0]));
  await tell(["move", 1, 0, 9]);
  const paragraph = shown().querySelector("p");
  await tell(["update", 9, { html: ["<p>a</p>", ""], slots: [0] }]);
  expect(shown().querySelector("p")).toBe(paragraph);
  await tell(["update", 9, { html: ["<b>", "</b>"], slots: [0] }]);
  expect(shown().querySelector("b .nbsession-text")?.textContent).toBe("kept");
});

test("a node that the template leaves out is hidden", async () => {
  const { put, tell } = await showSession(target);
  await put(text(1, "left out"), widget(["a"], []));
  await tell(["move", 1, 0, 9]);
  expect(shown().querySelector(".nbsession-text")?.closest("[hidden]")).not.toBeNull();
});

test("a node whose place is no place for a node stands at the end", async () => {
  const { put, tell } = await showSession(target);
  await put(text(1, "a"), text(2, "b"), widget(["<p title='", "'></p><i>", "</i>"], [0, 1]));
  await tell(["move", 1, 0, 9], ["move", 2, 1, 9]);
  expect(shown().querySelector("i")?.textContent).toBe("b");
  expect(shown().querySelector("i ~ .nbsession-slot")?.textContent).toBe("a");
});

test.each([
  ["<script>x</script><b onclick=x>a</b>", "<b>a</b>"],
  ["<iframe src=x></iframe><form><input></form>a", "a"],
  ["<img src=javascript:x onerror=x>", "<img>"],
  [
    "<details open id=x data-x=y><summary>a</summary>b</details>",
    '<details open=""><summary>a</summary>b</details>',
  ],
  ["<p class='card jp-Dialog lm-Widget nbsession-node nbs-k'>a</p>", '<p class="card nbs-k">a</p>'],
  ["<p style='color:red;display:flex'>a</p>", '<p style="color: red; display: flex;">a</p>'],
  ["<p style='color:red;background-image:url(https://x.y)'>a</p>", '<p style="color: red;">a</p>'],
  ["<p style='background:u\\72l(https://x.y)'>a</p>", "<p>a</p>"],
  ["<p style='--x:u\\72l(https://x.y)'>a</p>", "<p>a</p>"],
  ["<p style='background:var(--x, u\\72l(https://x.y))'>a</p>", "<p>a</p>"],
])("of a template's %s there is left %s", (html, left) => {
  const holder = document.createElement("div");
  holder.append(safeFragment(html, true));
  expect(holder.innerHTML).toBe(left);
});

test("other HTML is sanitized as before", () => {
  safeFragment("a", true);
  const holder = document.createElement("div");
  holder.append(safeFragment("<p class=card style='color:red'>a</p>"));
  expect(holder.innerHTML).toBe("<p>a</p>");
});

test("what a node says of itself is text, or nothing", async () => {
  const { put } = await showSession(target);
  await put(widget("<b>a</b>", "x"));
  expect(shown().textContent).toBe("");
});

test("JupyterLab does not see the keys that open and close it", async () => {
  const { put } = await showSession(target);
  await put(widget(["<details><summary>a</summary></details><p tabindex=0>b</p>"], []));
  const heard = vi.fn();
  target.addEventListener("keydown", (event) => heard(event.key));
  for (const selector of ["summary", "p"])
    for (const key of ["Enter", " ", "x"])
      shown()
        .querySelector(selector)
        ?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  expect(heard.mock.calls.flat()).toEqual(["x", "Enter", " ", "x"]);
});
