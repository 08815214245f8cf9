// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { form, showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("main");
  document.body.replaceChildren(target);
});

const find = <E extends HTMLElement = HTMLInputElement>(selector: string) =>
  target.querySelector<E>(selector);
const text = (name: string, more: object = {}) => ({ name, type: "text", label: name, value: "", ...more });

test("attributes set by name add no code, no address, and nothing of the client's own", async () => {
  const { put } = await showSession(target);
  const attributes = {
    onclick: "x()",
    ONFOCUS: "x()",
    formaction: "https://example.org",
    form: "f",
    src: "x",
    href: "x",
    type: "image",
    name: "n",
    id: "i",
    value: "v",
    list: "l",
    autofocus: true,
    "data-commandlinker-command": "x",
    "bad name": "x",
    placeholder: "<b>",
    maxlength: 3,
    class: "mine",
    style: "width: 50%",
  };
  await put(form([text("a", { attributes })]));
  const input = find("input");
  const ours = "data-lm-suppress-shortcuts";
  const names = input
    ?.getAttributeNames()
    .filter((each) => each !== ours)
    .sort();
  expect(names).toEqual(["class", "id", "maxlength", "placeholder", "style", "type"]);
  expect([input?.type, input?.value, input?.id === "i"]).toEqual(["text", "", false]);
  expect(input?.className).toContain("nbsession-input mine");
});

test("text is text in every part of a form", async () => {
  const { put } = await showSession(target);
  const evil = "<img src=x>";
  const options = [{ label: evil }];
  const common = { label: evil, help: evil, options, selected: [], buttons: options, value: evil };
  const types = ["text", "textarea", "select", "checkbox", "radio", "slider", "actions", "unknown"];
  const fields = types.map((type) => ({ ...common, name: type, type, action: evil, suggestions: [evil] }));
  await put(form(fields, { label: evil, errors: { text: evil, "": evil } }));
  expect(find("img")).toBeNull();
  expect(target.textContent?.split(evil).length).toBeGreaterThan(20);
});

test.each([[null], [{}], [[null, 3, "x", {}, { type: "select", options: 7, selected: "x", name: {} }]]])(
  "fields that are no fields (%j) break nothing",
  async (fields) => {
    const { put } = await showSession(target);
    await put(form(fields as object[], { errors: null, typed: [1] }), {
      key: 2,
      kind: "text",
      text: "later",
    });
    expect(find<HTMLElement>("form")).not.toBeNull();
    expect(target.textContent).toContain("later");
  },
);
