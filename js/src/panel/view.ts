import type { Channels } from "../session/channels";
import type { OutputNode } from "../session/node";
import { downloadView } from "./download";
import { element, text } from "./element";
import { errorView } from "./error";
import { noticeView } from "./notice";

/** An output node on the page. */
export interface NodeView {
  readonly element: HTMLElement;
  update(node: OutputNode): void;
  dispose?(): void;
}

/** Show a node. Kinds that this client does not know show their text. */
export function nodeView(node: OutputNode, channels: Channels): NodeView {
  switch (node.kind) {
    case "error":
      return errorView(node);
    case "notice":
      return noticeView(node);
    case "download":
      return downloadView(node, channels);
    default:
      return textView(node);
  }
}

function textView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-text", text(node.text));
  return {
    element: shown,
    update: (changed) => {
      shown.textContent = text(changed.text);
    },
  };
}
