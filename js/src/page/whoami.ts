import { type PageInfo, pageInfo } from "./info";
import type { KernelConnection } from "./kernel";

/** A server that does not answer within this time is not waited for. In milliseconds. */
const PATIENCE = 3000;

/** Where the Jupyter server is, and its token if the page was given one. */
interface Server {
  baseUrl: string;
  token: string;
}

/**
 * Ask the Jupyter server who the reader is: nbsession's extension of it, and where there is none its own interface, which
 * knows no address. `null` if neither answers.
 */
export async function whoami(
  kernel: KernelConnection | null,
  page: PageInfo = pageInfo(),
): Promise<Record<string, unknown> | null> {
  // Voila by itself has neither, and no extensions; beside a Jupyter server its pages are under voila/.
  if (page.frontend === "voila" && !location.pathname.includes("/voila/")) return null;
  const settings = kernel?.serverSettings;
  const server = { baseUrl: settings?.baseUrl ?? page.base_url, token: settings?.token ?? "" };
  const answer = await ask(server, "nbsession/whoami");
  if (answer) return answer;
  const jupyterServer = page.frontend === "jupyterlab" || page.frontend === "notebook";
  const me = jupyterServer ? await ask(server, "api/me") : null;
  return me && { identity: me.identity };
}

async function ask({ baseUrl, token }: Server, path: string): Promise<Record<string, unknown> | null> {
  try {
    const response = await fetch(new URL(path, new URL(baseUrl, location.href)), {
      headers: token ? { Authorization: `token ${token}` } : {},
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.ok ? Object(await response.json()) : null;
  } catch {
    return null;
  }
}
