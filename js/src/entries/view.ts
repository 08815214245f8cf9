import type { WidgetModel } from "../page/anywidget";
import { CLIENT_EVENT, clients } from "../page/registry";
import { NO_SESSION } from "../session/reasons";

/** Maximum time for a bridge to start before the reader is notified that there is none. In milliseconds. */
const PATIENCE = 3000;

export default {
  /**
   * Mount the panel of the view's session when the bridge's client exists, possibly much later. If Python replaces the
   * session, mount the panel of the new one.
   */
  render({ model, el }: { model: WidgetModel; el: HTMLElement }): () => void {
    const end = new AbortController();
    let unmount: (() => void) | null = null;
    const mount = () => {
      const client = clients().get(String(model.get("bridge")));
      if (!client || unmount) return;
      el.replaceChildren();
      unmount = client.mount(Number(model.get("session")), el, Number(model.get("part")));
    };
    const giveUp = setTimeout(() => {
      if (unmount) return;
      const text = document.createElement("div");
      text.className = "nbsession-panel nbsession-closed";
      text.textContent = NO_SESSION;
      el.replaceChildren(text);
    }, PATIENCE);
    const remount = () => {
      const former = unmount;
      unmount = null;
      mount();
      if (unmount) former?.();
      else unmount = former;
    };
    document.addEventListener(CLIENT_EVENT, mount, { signal: end.signal });
    model.on("change:session", remount);
    mount();
    return () => {
      model.off("change:session", remount);
      clearTimeout(giveUp);
      end.abort();
      unmount?.();
    };
  },
};
