// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { pageInfo } from "../src/page/info";

afterEach(() => {
  document.head.replaceChildren();
  delete document.body.dataset.jpThemeLight;
});

function configure(config: string): void {
  const script = document.createElement("script");
  script.id = "jupyter-config-data";
  script.type = "application/json";
  script.textContent = config;
  document.head.append(script);
}

test.each([
  ['{"appName": "JupyterLab", "baseUrl": "/user/ada/"}', "jupyterlab", "/user/ada/"],
  ['{"appName": "Jupyter Notebook", "baseUrl": "/"}', "notebook", "/"],
  ['{"appUrl": "voila/", "baseUrl": "/x/"}', "voila", "/x/"],
  ["{}", "unknown", "/"],
  ["null", "unknown", "/"],
  ["not json", "unknown", "/"],
])("a page with the settings %s is %s", (config, frontend, baseUrl) => {
  configure(config);
  expect(pageInfo()).toMatchObject({ frontend, base_url: baseUrl });
});

test.each([
  ["true", false],
  ["false", true],
])("a theme that calls itself light: %s", (light, dark) => {
  document.body.dataset.jpThemeLight = light;
  expect(pageInfo().dark_mode).toBe(dark);
});

test.each([
  ['{"appName": "JupyterLab"}', "http://localhost:3000/lab?a=1&b=2"],
  [null, "http://localhost:3000/lab?a=1&token=secret&b=2"],
])("the token of a Jupyter server is no part of its page's address, of another page it is", (config, url) => {
  if (config) configure(config);
  history.replaceState(null, "", "/lab?a=1&token=secret&b=2");
  expect(pageInfo().url).toBe(url);
});
