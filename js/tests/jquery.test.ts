// @vitest-environment jsdom
import { Blob } from "node:buffer";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { showSession } from "./shown_session";

const SOURCE = readFileSync(`${import.meta.dirname}/../../nbsession/static/jquery.js`);

/** A cell's session, and what answers the request for jQuery's file. */
async function cell() {
  vi.stubGlobal("Blob", Blob);
  vi.stubGlobal("fetch", async () => ({ text: async () => SOURCE.toString() }));
  URL.createObjectURL = () => "blob:jquery";
  document.body.replaceChildren();
  const target = document.createElement("div");
  document.body.append(Object.assign(document.createElement("p"), { className: "nbsession-text" }), target);
  const shown = await showSession(target);
  const session = shown.client.channels.session(1);
  if (session) session.makeRoot = () => target.querySelector<HTMLElement>(".nbsession-outputs") ?? target;
  const answer = (content: Uint8Array | undefined) =>
    shown.client.channels.chunks.arrived("jquery.js", content);
  return { ...shown, answer };
}

const values = (shown: Awaited<ReturnType<typeof cell>>) => {
  shown.clock.advance(0.3);
  return shown.python.on(1).filter(([name]) => name === "value" || name === "error");
};

test("code of a cell waits for jQuery, which selects in its view", async () => {
  const shown = await cell();
  await shown.put({ key: 1, kind: "text", text: "a" });
  await shown.tell(["eval", 1, "[$('.nbsession-text').length, $('body').length, $('<i>').length]", {}]);
  expect(values(shown)).toEqual([]);
  expect(shown.python.on(0)).toContainEqual(["chunk", "jquery.js"]);
  shown.answer(new Uint8Array(gzipSync(SOURCE)));
  await vi.waitFor(() => expect(values(shown)).toEqual([["value", 1, [1, 1, 1]]]));
  expect("jQuery" in window || "$" in window).toBe(false);
});

test("plugins are kept from one command to the next", async () => {
  const shown = await cell();
  await shown.tell(["run", "$.own = jQuery.fn.own = () => 7", {}], ["eval", 1, "$.own() + $('p').own()", {}]);
  shown.answer(new Uint8Array(gzipSync(SOURCE)));
  await vi.waitFor(() => expect(values(shown)).toEqual([["value", 1, 14]]));
});

test("code that comes later keeps its turn", async () => {
  const shown = await cell();
  await shown.tell(["run", "window.order = [$('p').length]", {}], ["eval", 1, "order.push(2) && order", {}]);
  shown.answer(new Uint8Array(gzipSync(SOURCE)));
  await vi.waitFor(() => expect(values(shown)).toEqual([["value", 1, [0, 2]]]));
});

test("without its file, code fails and the next one runs", async () => {
  const shown = await cell();
  vi.spyOn(console, "error").mockImplementation(() => {});
  await shown.tell(["eval", 1, "$('p')", {}], ["eval", 2, "2", {}]);
  shown.answer(undefined);
  await vi.waitFor(() => expect(values(shown).map(([name]) => name)).toEqual(["error", "value"]));
});
