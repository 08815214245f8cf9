// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { enter, form, showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("main");
  document.body.replaceChildren(target);
});

const find = (selector: string) => target.querySelector<HTMLInputElement>(selector);
const said = () => [
  find(".nbsession-praise")?.textContent,
  find(".nbsession-field .nbsession-fault")?.textContent,
];
const FIELD = { name: "a", type: "text", label: "a", value: "" };
const RIGHT = { ...FIELD, valid: true, feedback: "well done" };
const WRONG = { ...FIELD, valid: false, feedback: "try again" };

async function shown(field: object) {
  const session = await showSession(target);
  await session.put(form([FIELD]));
  await session.tell(["update", 1, { fields: [field] }]);
  return session;
}

test("what the program finds right is praised", async () => {
  await shown(RIGHT);
  expect(said()).toEqual(["well done", ""]);
  expect(find("input")?.getAttribute("aria-invalid")).toBeNull();
});

test("what the program finds wrong is a fault", async () => {
  await shown(WRONG);
  expect(said()).toEqual(["", "try again"]);
  expect(find("input")?.getAttribute("aria-invalid")).toBe("true");
});

test("without words, what is wrong says so", async () => {
  await shown({ ...FIELD, valid: false, feedback: "" });
  expect(said()).toEqual(["", "This value is not valid."]);
});

test.each([RIGHT, WRONG])(
  "a verdict ($feedback) is over when the reader changes the value",
  async (field) => {
    await shown(field);
    enter(find("input"), "other");
    expect(said()).toEqual(["", ""]);
  },
);

test.each([RIGHT, WRONG])("the program takes its verdict ($feedback) back", async (field) => {
  const { tell } = await shown(field);
  await tell(["update", 1, { fields: [FIELD] }]);
  expect(said()).toEqual(["", ""]);
});

test("a verdict does not keep the form from being submitted", async () => {
  const { heard } = await shown(WRONG);
  target.querySelector<HTMLButtonElement>(".nbsession-form-buttons button")?.click();
  expect((await heard()).map((each) => each[1])).toContain("submit");
});

test.each([1, "true", null, {}])("a verdict of %j is none", async (valid) => {
  await shown({ ...FIELD, valid, feedback: "x" });
  expect(said()).toEqual(["", ""]);
});
