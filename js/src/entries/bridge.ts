import { AnywidgetTransport, type WidgetModel } from "../page/anywidget";
import { Client } from "../page/client";
import { browserClock } from "../page/clock";
import { DirectTransport, directSocket } from "../page/direct";
import { changing, follow } from "../page/follow";
import { clientHints } from "../page/hints";
import { identify } from "../page/identity";
import {
  KernelTransport,
  kernelOf,
  notebookOf,
  renamedSignal,
  whenKernelEnds,
  whenKernelIsLeft,
} from "../page/kernel";
import { watchForLateViews } from "../page/late_views";
import { tabLocks } from "../page/locks";
import { quickAck } from "../page/quick_ack";
import { pageNames, register } from "../page/registry";
import { keepRenditions } from "../page/renditions";
import { sessionStore } from "../page/storage";
import { TextTransport } from "../page/text_only";
import { watchTouches } from "../page/touch";
import { whoami } from "../page/whoami";
import { mountSession } from "../panel/mount";
import { provideRoots } from "../panel/own_root";
import { notebookRenderer } from "../panel/renderer";
import { toast, toaster } from "../panel/toast";
import { Jquery } from "../session/jquery";
import { NO_SESSION } from "../session/reasons";
import type { Session } from "../session/session";
import { ROOT } from "../session/tree";

const REFUSED =
  "This page and the kernel run different versions of nbsession: reload the page, or restart the kernel.";

/**
 * Start the client of a bridge. It sends its hello as soon as the page knows its identity. Returns a function that ends
 * it.
 */
async function start(model: WidgetModel, end: AbortController): Promise<void> {
  const ended = end.signal;
  const bridge = String(model.get("bridge"));
  const store = sessionStore();
  const [identity, hints] = await Promise.all([
    identify(bridge, store, tabLocks(), pageNames()),
    clientHints(),
  ]);
  if (ended.aborted) {
    identity.release();
    return;
  }
  const kernel = kernelOf(model);
  const comm = kernel ? new KernelTransport(kernel, bridge) : new AnywidgetTransport(model);
  const textOnly = model.get("text_only") === true;
  const dial = textOnly ? null : directSocket(kernel);
  const direct = dial && new DirectTransport(comm, dial, browserClock);
  const transport = direct ?? (textOnly ? new TextTransport(comm) : comm);
  const client = new Client({
    transport,
    direct,
    clock: browserClock,
    store,
    identity,
    about: hints,
    current: () => ({ notebook: notebookOf(model) }),
    later: { whoami: whoami(kernel) },
    jquery: (chunks) => new Jquery(chunks),
    refuse: () => toast(REFUSED),
  });
  const renderer = notebookRenderer(model.widget_manager);
  provideRoots(client, renderer);
  const mount = (session: number, element: HTMLElement, part = ROOT) => {
    const leave = client.presence.enter(session);
    const unmount = mountSession(client, session, element, renderer, part);
    return () => {
      unmount();
      leave();
    };
  };
  const toasted = new WeakSet<Session>();
  client.watch(() => {
    for (const session of client.channels.sessions()) {
      if (!session.toasts || toasted.has(session)) continue;
      toasted.add(session);
      session.outputs.watch(toaster);
    }
  });
  const unregister = register(bridge, { mount });
  addEventListener("pagehide", () => client.leave(), { signal: ended });
  addEventListener("pageshow", (event) => event.persisted && client.renew(), { signal: ended });
  follow(
    () => changing(notebookOf(model)),
    (changed) => client.changed(changed),
    ended,
    renamedSignal(model),
  );
  watchTouches(window, () => client.touched(), ended);
  const answer = () => direct?.direct || client.acknowledge();
  const stopAnswering = kernel && quickAck(kernel, browserClock.now, () => client.lastFrame, answer);
  const stopWatching = kernel && whenKernelEnds(kernel, (reason) => client.close(reason));
  const stopKeeping = kernel && keepRenditions(model.widget_manager, kernel, bridge);
  const stopLooking = watchForLateViews(model.widget_manager, bridge);
  const stopStaying =
    kernel &&
    whenKernelIsLeft(kernel, () => {
      client.leave(true);
      // After `whenKernelEnds`, which may know the reason. From then on, this notebook's views look for its next
      // client.
      setTimeout(() => end.abort());
    });
  ended.addEventListener("abort", () => {
    stopStaying?.();
    stopLooking();
    stopKeeping?.();
    stopAnswering?.();
    stopWatching?.();
    unregister();
    client.close(NO_SESSION);
  });
}

export default {
  // Returns at once: before that, anywidget passes nothing on to a model, and it gives up after two seconds.
  initialize({ model }: { model: WidgetModel }): () => void {
    const end = new AbortController();
    start(model, end).catch((error) => console.error("nbsession: the bridge could not start:", error));
    return () => end.abort();
  },

  render({ el }: { el: HTMLElement }): void {
    el.style.display = "none";
  },
};
