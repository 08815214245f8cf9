import { type PageInfo, pageInfo } from "./info";
import type { KernelConnection } from "./kernel";

/** Maximum time to wait for the server's answer. In milliseconds. */
const PATIENCE = 3000;

/** The address of the Jupyter server, and its token if the page was given one. */
interface Server {
  baseUrl: string;
  token: string;
}

/**
 * Ask the Jupyter server who the reader is, and whether it relays direct sockets to the kernel: nbsession's server
 * extension, or else the server's own API, which does not know the address. `null` if neither answers.
 */
export async function whoami(
  kernel: KernelConnection | null,
  page: PageInfo = pageInfo(),
): Promise<Record<string, unknown> | null> {
  // Voila alone has neither, and no extensions; on a Jupyter server, its pages are under voila/.
  if (page.frontend === "voila" && !location.pathname.includes("/voila/")) return null;
  const settings = kernel?.serverSettings;
  const server = { baseUrl: settings?.baseUrl ?? page.base_url, token: settings?.token ?? "" };
  const query = kernel?.id ? `?kernel=${encodeURIComponent(kernel.id)}` : "";
  const answer = await ask(server, `nbsession/whoami${query}`);
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
