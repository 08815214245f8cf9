// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import type { Control } from "../src/panel/fields/control";
import type { Raw } from "../src/panel/fields/field";
import { settled } from "./fake_python";
import { form, showSession } from "./shown_session";

/** The value that a file's control prepares, as the test settles it. */
let prepared: Promised;
let signal: AbortSignal | null;

vi.mock("../src/panel/fields/file", () => ({
  fileControl: (): Control => {
    const input = document.createElement("input");
    return {
      element: input,
      target: input,
      read: () => [],
      write: () => {},
      update: () => {},
      lock: () => {},
      fault: () => "",
      focus: () => input.focus(),
      prepare: (given) => {
        signal = given;
        return prepared.promise;
      },
    };
  },
}));

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
  prepared = withResolvers();
  signal = null;
});

interface Promised {
  promise: Promise<Raw>;
  resolve(value: Raw): void;
  reject(error: unknown): void;
}

function withResolvers(): Promised {
  let resolve: (value: Raw) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Raw>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

const FILE = { name: "f", type: "file", label: "File" };
const button = (label: string) =>
  [...target.querySelectorAll("button")].find((each) => each.textContent === label && !each.hidden);
const busy = () => target.querySelector("form")?.getAttribute("aria-busy") === "true";

test("a form is busy while it prepares what it submits, and then sends it", async () => {
  const { put, heard } = await showSession(target);
  await put(form([FILE]));
  expect(button("Stop")).toBeUndefined();
  button("Submit")?.click();
  await settled();
  expect([busy(), button("Stop") !== undefined, await heard()]).toEqual([true, true, []]);
  prepared.resolve([7]);
  expect(await heard()).toEqual([[1, "submit", { f: [7] }]]);
  expect(button("Stop")).toBeUndefined();
});

test("a reader who stops this can submit again", async () => {
  const { put, heard } = await showSession(target);
  await put(form([FILE]));
  button("Submit")?.click();
  button("Stop")?.click();
  await settled();
  expect([signal?.aborted, busy(), await heard()]).toEqual([true, false, []]);
  prepared = withResolvers();
  button("Submit")?.click();
  prepared.resolve([8]);
  expect(await heard()).toEqual([[1, "submit", { f: [8] }]]);
});

test("a form that is cancelled meanwhile is not submitted", async () => {
  const { put, heard } = await showSession(target);
  await put(form([FILE], { cancelable: true }));
  button("Submit")?.click();
  button("Cancel")?.click();
  prepared.resolve([7]);
  expect([busy(), await heard()]).toEqual([true, [[1, "cancel"]]]);
  await settled();
  expect(busy()).toBe(true);
});

test("what cannot be prepared is shown at its field, and the form is not submitted", async () => {
  const { put, heard } = await showSession(target);
  await put(form([FILE]));
  button("Submit")?.click();
  prepared.reject(new Error("too large"));
  expect(await heard()).toEqual([]);
  expect([target.querySelector(".nbsession-fault")?.textContent, busy()]).toEqual(["too large", false]);
});

test("a session that ends meanwhile stops it", async () => {
  const { put, tell, heard } = await showSession(target);
  await put(form([FILE]));
  button("Submit")?.click();
  await tell(["ended", "over", false]);
  prepared.resolve([7]);
  expect([signal?.aborted, await heard()]).toEqual([true, []]);
});
