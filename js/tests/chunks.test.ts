// @vitest-environment jsdom
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Chunks, chunkAddresses } from "../src/page/chunks";
import { pair, settled } from "./fake_python";

/** Chunks whose modules are empty, after so many failures to load one. */
function chunks(addresses?: Record<string, string>, failures = 0) {
  const asked: string[] = [];
  const loaded: string[] = [];
  let left = failures;
  const load = async (address: string) => {
    loaded.push(address);
    left -= 1;
    if (left >= 0) throw new TypeError("Failed to fetch");
    return {};
  };
  return { asked, loaded, chunks: new Chunks((name) => asked.push(name), addresses, load) };
}

test("a chunk with an address is imported from there, once", async () => {
  const served = chunks({ code_editor: "https://host/?nbsession=code_editor.js" });
  await Promise.all([served.chunks.get("code_editor"), served.chunks.get("code_editor")]);
  expect([served.loaded, served.asked]).toEqual([["https://host/?nbsession=code_editor.js"], []]);
});

test("an address that fails is tried again at the next use", async () => {
  const served = chunks({ code_editor: "https://host/" }, 1);
  await expect(served.chunks.get("code_editor")).rejects.toThrow("Failed to fetch");
  await expect(served.chunks.get("code_editor")).resolves.toBeDefined();
});

test("Python is asked once for a chunk without an address", async () => {
  const sent = chunks();
  sent.chunks.get("code_editor");
  sent.chunks.get("code_editor");
  expect(sent.asked).toEqual(["code_editor"]);
});

test("a chunk that Python does not have is rejected, and asked for again at the next use", async () => {
  const sent = chunks();
  const first = sent.chunks.get("code_editor");
  sent.chunks.arrived("code_editor", undefined);
  await expect(first).rejects.toThrow("code_editor");
  sent.chunks.get("code_editor");
  expect(sent.asked).toEqual(["code_editor", "code_editor"]);
});

test("what has arrived is not asked for again", async () => {
  const sent = chunks();
  sent.chunks.get("code_editor");
  sent.chunks.arrived("code_editor", undefined);
  sent.chunks.askAgain();
  expect(sent.asked).toEqual(["code_editor"]);
});

test("bytes that nobody has asked for have no effect", () => {
  const sent = chunks();
  sent.chunks.arrived("code_editor", new Uint8Array(gzipSync("export {}")));
  expect(sent.loaded).toEqual([]);
});

test("addresses are relative to the document's own", () => {
  expect(chunkAddresses('{"code_editor": "?nbsession=code_editor.js"}')).toEqual({
    code_editor: new URL("?nbsession=code_editor.js", location.href).href,
  });
});

test("a page asks Python on channel 0, and its next context asks again", async () => {
  const { python, client } = pair();
  python.say({ welcome: { version: "1.0" } });
  client.channels.chunks.get("code_editor");
  await settled();
  expect(python.on(0)).toContainEqual(["chunk", "code_editor"]);
  python.received.length = 0;
  python.renew();
  python.say({ welcome: { version: "1.0" } });
  await settled();
  expect(python.on(0)).toContainEqual(["chunk", "code_editor"]);
});
