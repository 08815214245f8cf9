import type { Bytes } from "../link";
import { asBytes, type WidgetModel, wholeBuffer } from "./anywidget";
import type { PathSignal } from "./follow";
import { randomId } from "./identity";
import type { Transport } from "./transport";

/** The part of JupyterLab's kernel connection (`Kernel.IKernelConnection`) that this package uses. */
export interface KernelConnection {
  readonly id?: string;
  readonly clientId: string;
  readonly username: string;
  readonly anyMessage: Signal<KernelMessage>;
  readonly iopubMessage?: Signal<object>;
  readonly statusChanged?: Signal<string>;
  readonly disposed?: Signal<void>;
  readonly isDisposed?: boolean;
  readonly serverSettings?: {
    readonly baseUrl: string;
    readonly token: string;
    readonly appendToken?: boolean;
    readonly wsUrl?: string;
  };
  sendShellMessage(message: object, expectReply: boolean, disposeOnDone: boolean): { dispose(): void };
}

interface Signal<Event> {
  connect(slot: (sender: unknown, event: Event) => void): unknown;
  disconnect(slot: (sender: unknown, event: Event) => void): unknown;
}

/** A message, at the moment when the socket received or sent it, before JupyterLab's own handlers. */
export interface KernelMessage {
  direction?: string;
  msg?: {
    channel?: string;
    header?: { msg_type?: string };
    parent_header?: { msg_type?: string };
    content?: {
      comm_id?: unknown;
      execution_state?: unknown;
      data?: { method?: unknown; content?: unknown };
    };
    buffers?: unknown[];
  };
}

/** The kernel connection of a widget model's front end, if it is JupyterLab's or Notebook 7's. */
export function kernelOf(model: WidgetModel): KernelConnection | null {
  const kernel = (model.widget_manager as { kernel?: Partial<KernelConnection> } | undefined)?.kernel;
  if (typeof kernel?.anyMessage?.connect !== "function") return null;
  if (typeof kernel.sendShellMessage !== "function" || typeof kernel.clientId !== "string") return null;
  return kernel as KernelConnection;
}

/** The path of a widget model's notebook in the front end, without the name of a drive. */
export function notebookOf(model: WidgetModel): string | undefined {
  const { context } = Object(model.widget_manager) as { context?: { path?: unknown } };
  return typeof context?.path === "string" ? context.path.replace(/^[^/:]+:/, "") : undefined;
}

/** The signal for a new path of a widget model's notebook, if the front end has one. */
export function renamedSignal(model: WidgetModel): PathSignal | undefined {
  const { context } = Object(model.widget_manager) as { context?: { pathChanged?: PathSignal } };
  return typeof context?.pathChanged?.connect === "function" ? context.pathChanged : undefined;
}

/** The address of VS Code's kernel proxy (github.com/microsoft/vscode-jupyter-ipywidgets). */
const VS_CODE_WS_URL = "BOGUS_PVSC";

const ENDED = new Map([
  ["restarting", "the kernel was restarted, run the cell again"],
  ["autorestarting", "the kernel died and was restarted, run the cell again"],
  ["terminating", "the kernel was shut down"],
  ["dead", "the kernel died"],
]);

/**
 * Calls `ended` with a reason for the reader when the kernel has ended, in case the kernel itself could not report it.
 * Returns a function that stops this.
 */
export function whenKernelEnds(kernel: KernelConnection, ended: (reason: string) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slot = (_: unknown, status: string) => {
    const reason = ENDED.get(status);
    if (reason === undefined) return;
    clearTimeout(timer);
    // JupyterLab also reports "restarting" for a kernel that died, and "autorestarting" immediately afterwards.
    timer = setTimeout(() => ended(reason));
  };
  kernel.statusChanged?.connect(slot);
  return () => {
    clearTimeout(timer);
    kernel.statusChanged?.disconnect(slot);
  };
}

/**
 * Calls `left` when the front end disposes of the connection: the notebook was closed inside JupyterLab, whose document
 * stays. At that moment, a last message can be sent. Returns a function that stops this.
 */
export function whenKernelIsLeft(kernel: KernelConnection, left: () => void): () => void {
  kernel.disposed?.connect(left);
  return () => {
    kernel.disposed?.disconnect(left);
  };
}

/**
 * Carries envelopes over the comm, through the kernel connection itself.
 *
 * For incoming messages, the widget's own path leads through a queue of promises after all other messages of the
 * kernel, and anywidget drops all messages of a model that took more than two seconds to load. For outgoing messages,
 * it keeps a future for each message until the kernel is idle again. Here, the future is disposed of at once, and
 * `needs_idle` reports that to Python. In VS Code, the connection is a proxy, and the extension host keeps its own
 * future for each message, with its buffers: it does need the idle status.
 */
export class KernelTransport implements Transport {
  private readonly needsIdle: boolean;

  constructor(
    private readonly kernel: KernelConnection,
    private readonly commId: string,
  ) {
    this.needsIdle = kernel.serverSettings?.wsUrl === VS_CODE_WS_URL;
  }

  send(envelope: object, buffers: readonly Bytes[]): void {
    const message = {
      header: {
        msg_id: randomId(),
        msg_type: "comm_msg",
        session: this.kernel.clientId,
        username: this.kernel.username,
        date: new Date().toISOString(),
        version: "5.3",
      },
      parent_header: {},
      metadata: {},
      content: {
        comm_id: this.commId,
        data: { method: "custom", content: { ...envelope, needs_idle: this.needsIdle } },
      },
      channel: "shell",
      buffers: buffers.map(wholeBuffer),
    };
    this.kernel.sendShellMessage(message, false, true).dispose();
  }

  connected(): boolean {
    return !this.kernel.isDisposed;
  }

  onEnvelope(receive: (envelope: unknown, buffers: readonly Bytes[]) => void): () => void {
    const slot = (_: unknown, { direction, msg }: KernelMessage) => {
      if (direction !== "recv" || msg?.header?.msg_type !== "comm_msg") return;
      const { comm_id, data } = msg.content ?? {};
      if (comm_id !== this.commId || data?.method !== "custom") return;
      receive(data.content, (msg.buffers ?? []).map(asBytes));
    };
    this.kernel.anyMessage.connect(slot);
    return () => {
      this.kernel.anyMessage.disconnect(slot);
    };
  }
}
