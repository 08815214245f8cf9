/** A page's description of itself in its hello (docs/protocol.md). */
export interface PageInfo {
  user_agent: string;
  language: string;
  languages: readonly string[];
  timezone: string;
  /** Minutes ahead of UTC, at this moment. */
  utc_offset: number;
  host: string;
  origin: string;
  url: string;
  base_url: string;
  frontend: string;
  screen: { width: number; height: number; pixel_ratio: number };
  dark_mode: boolean;
}

export function pageInfo(): PageInfo {
  const config = jupyterConfig();
  return {
    user_agent: navigator.userAgent,
    language: navigator.language,
    languages: navigator.languages,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
    utc_offset: -new Date().getTimezoneOffset() || 0,
    host: location.host,
    origin: location.origin,
    url: pageAddress(),
    base_url: typeof config?.baseUrl === "string" ? config.baseUrl : "/",
    frontend: frontend(config),
    screen: screenSize(),
    dark_mode: darkMode(),
  };
}

export function screenSize(): PageInfo["screen"] {
  return { width: screen.width, height: screen.height, pixel_ratio: devicePixelRatio };
}

/** The page's address, without the token that the address of a Jupyter server's own page may contain. */
export function pageAddress(): string {
  if (!location.search.includes("token=") || !jupyterConfig()) return location.href;
  const url = new URL(location.href);
  url.searchParams.delete("token");
  return url.href;
}

/** Whether the page is dark, according to JupyterLab's theme, else to the system. */
export function darkMode(): boolean {
  const light = document.body?.dataset.jpThemeLight;
  if (light !== undefined) return light === "false";
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
}

/** The settings that a Jupyter server writes into its pages. */
function jupyterConfig(): Record<string, unknown> | null {
  const text = document.getElementById("jupyter-config-data")?.textContent;
  if (!text) return null;
  try {
    return Object(JSON.parse(text));
  } catch {
    return null;
  }
}

function frontend(config: Record<string, unknown> | null): string {
  if (location.protocol === "vscode-webview:" || "acquireVsCodeApi" in globalThis) return "vscode";
  if (/(^|\.)colab\.|\.googleusercontent\.com$/.test(location.hostname)) return "colab";
  const name = String(config?.appName ?? "");
  if (
    config?.appUrl === "voila/" ||
    /\/voila\//.test(location.pathname) ||
    document.querySelector("#voila-config-data")
  ) {
    return "voila";
  }
  if (/jupyterlab/i.test(name)) return "jupyterlab";
  if (/notebook/i.test(name)) return "notebook";
  return "unknown";
}
