import type { OutputNode } from "../session/node";
import { buttonsView } from "./buttons";
import { codeView } from "./code";
import { collapseView } from "./collapse";
import { datatableView } from "./datatable";
import { downloadView } from "./download";
import { element, text } from "./element";
import { errorView } from "./error";
import { fileView } from "./file";
import { gridView } from "./grid";
import { htmlView } from "./html";
import { imageView } from "./image";
import { linkView } from "./link";
import { loadingView } from "./loading";
import { markdownView } from "./markdown";
import { messageView } from "./message";
import { mimeView } from "./mime";
import type { NodeView } from "./node_view";
import { noticeView } from "./notice";
import { pinView } from "./pin";
import { popupView } from "./popup";
import { progressView } from "./progress";
import { scopeView } from "./scope";
import { scrollAreaView } from "./scroll_area";
import type { Surroundings } from "./surroundings";
import { tableView } from "./table";
import { tabsView } from "./tabs";
import { textView } from "./text";
import { widgetView } from "./widget";

/** Create the view of a node. Kinds that this client does not know show their text. */
export function nodeView(node: OutputNode, around: Surroundings): NodeView {
  switch (node.kind) {
    case "error":
      return errorView(node);
    case "notice":
      return noticeView(node);
    case "download":
      return downloadView(node, around.channels);
    case "text":
      return textView(node);
    case "html":
      return htmlView(node, around);
    case "markdown":
      return markdownView(node, around);
    case "code":
      return codeView(node);
    case "table":
      return tableView(node);
    case "datatable":
      return datatableView(node, around);
    case "image":
      return imageView(node);
    case "file":
      return fileView(node, around);
    case "buttons":
      return buttonsView(node, around);
    case "pin":
      return pinView(node, around);
    case "progress":
      return progressView(node);
    case "scope":
      return scopeView(node);
    case "grid":
      return gridView(node);
    case "collapse":
      return collapseView(node);
    case "tabs":
      return tabsView(node);
    case "scrollable":
      return scrollAreaView(node);
    case "message":
      return messageView(node, around);
    case "link":
      return linkView(node, around);
    case "loading":
      return loadingView(node);
    case "popup":
      return popupView(node, around);
    case "widget":
      return widgetView(node);
    case "mime":
      return mimeView(node, around);
    default:
      return unknownView(node);
  }
}

function unknownView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-box nbsession-text", text(node.text));
  return {
    element: shown,
    update: (changed) => {
      shown.textContent = text(changed.text);
    },
  };
}
