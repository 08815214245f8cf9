// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { clientHints } from "../src/page/hints";
import { notebookOf } from "../src/page/kernel";
import { whoami } from "../src/page/whoami";
import { pair, settled } from "./fake_python";

afterEach(() => {
  vi.unstubAllGlobals();
  document.head.replaceChildren();
});

const KERNEL = { serverSettings: { baseUrl: "http://localhost:3000/user/ada/", token: "secret" } } as never;

/** Answer as a server that has nothing but these paths. */
function serve(paths: Record<string, unknown>) {
  const asked: { url: string; headers: Record<string, string> }[] = [];
  vi.stubGlobal("fetch", async (url: URL, { headers }: { headers: Record<string, string> }) => {
    asked.push({ url: url.href, headers });
    const answer = paths[url.pathname];
    if (answer === undefined) return { ok: false, json: async () => ({ message: "Not Found" }) };
    return { ok: true, json: async () => answer };
  });
  return asked;
}

function configure(settings: object): void {
  document.head.innerHTML = `<script id="jupyter-config-data" type="application/json"></script>`;
  (document.head.firstChild as HTMLElement).textContent = JSON.stringify({ ...settings, baseUrl: "/base/" });
}

test("the request to the server's extension names the page's kernel", async () => {
  const asked = serve({ "/user/ada/nbsession/whoami": { direct: true } });
  expect(await whoami(Object.assign({ id: "a-b" }, KERNEL))).toEqual({ direct: true });
  expect(asked[0]?.url).toBe("http://localhost:3000/user/ada/nbsession/whoami?kernel=a-b");
});

test("the server's extension is asked under the base URL, with the page's token", async () => {
  const asked = serve({ "/user/ada/nbsession/whoami": { address: "192.0.2.1" } });
  expect(await whoami(KERNEL)).toEqual({ address: "192.0.2.1" });
  expect(asked).toEqual([
    {
      url: "http://localhost:3000/user/ada/nbsession/whoami",
      headers: { Authorization: "token secret" },
    },
  ]);
});

test("without the extension a Jupyter server tells the identity", async () => {
  configure({ appName: "JupyterLab" });
  serve({ "/base/api/me": { identity: { username: "ada" }, permissions: {} } });
  expect(await whoami(null)).toEqual({ identity: { username: "ada" } });
});

test.each([
  ["by itself is asked nothing", "/", []],
  [
    "beside a Jupyter server is asked for the extension",
    "/voila/render/one.ipynb",
    ["/base/nbsession/whoami"],
  ],
])("Voila %s", async (_, path, paths) => {
  configure({ appUrl: "voila/" });
  history.replaceState(null, "", path);
  const asked = serve({});
  expect(await whoami(null)).toBeNull();
  expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(paths);
});

test.each([
  ["an answer that is no JSON", async () => ({ ok: true, json: () => Promise.reject(new SyntaxError()) })],
  ["a network that is down", () => Promise.reject(new TypeError("Failed to fetch"))],
])("%s is no answer", async (_, fetch) => {
  vi.stubGlobal("fetch", fetch);
  expect(await whoami(KERNEL)).toBeNull();
});

test("client hints are told where the browser has them", async () => {
  const getHighEntropyValues = vi.fn(async () => ({ platform: "Windows", platformVersion: "15.0.0" }));
  vi.stubGlobal("navigator", { userAgentData: { getHighEntropyValues } });
  expect(await clientHints()).toEqual({
    user_agent_data: { platform: "Windows", platformVersion: "15.0.0" },
  });
});

test.each([
  ["has none", {}],
  ["forbids them", { userAgentData: { getHighEntropyValues: () => Promise.reject(new Error()) } }],
])("a browser that %s is known by its string", async (_, navigator) => {
  vi.stubGlobal("navigator", navigator);
  expect(await clientHints()).toEqual({});
});

test.each([
  [{ context: { path: "work/one.ipynb" } }, "work/one.ipynb"],
  [{ context: { path: "RTC:work/one.ipynb" } }, "work/one.ipynb"],
  [{}, undefined],
  [undefined, undefined],
])("the notebook of a widget manager %j is %s", (widget_manager, path) => {
  expect(notebookOf({ widget_manager } as never)).toBe(path);
});

test("what is known later is told once Python has heard the hello", async () => {
  let know: (value: unknown) => void = () => {};
  const { python } = pair(undefined, undefined, {
    about: { notebook: "one.ipynb" },
    later: { whoami: new Promise((resolve) => (know = resolve)) },
  });
  expect(python.hellos[0]?.info).toMatchObject({ notebook: "one.ipynb", pending: ["whoami"] });
  know({ address: "192.0.2.1" });
  await settled();
  expect(python.on(0)).toEqual([]);
  python.say({ welcome: { version: "1.0" } });
  await settled();
  expect(python.on(0)).toEqual([["info", { whoami: { address: "192.0.2.1" } }]]);
});

test("what cannot be known is told, too", async () => {
  const { python } = pair(undefined, undefined, { later: { whoami: Promise.reject(new Error()) } });
  python.say({ welcome: { version: "1.0" } });
  await settled();
  expect(python.on(0)).toEqual([["info", { whoami: null }]]);
});

test("a new context tells it again", async () => {
  const { python } = pair(undefined, undefined, { later: { whoami: Promise.resolve(1) } });
  python.say({ welcome: { version: "1.0" } });
  await settled();
  python.renew();
  python.say({ welcome: { version: "1.0" } });
  await settled();
  expect(python.on(0)).toEqual([
    ["info", { whoami: 1 }],
    ["info", { whoami: 1 }],
  ]);
});
