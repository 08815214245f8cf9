import type { OutputNode } from "../session/node";
import { clearBlocked } from "./blocked";
import { element, text } from "./element";
import type { NodeView } from "./node_view";

const UNDESCRIBED = "Image without a description";

/** An image from bytes or a URL. SVG is shown as an image, too: its scripts do not run. */
export function imageView(node: OutputNode): NodeView {
  const image = element("img", "");
  const shown = element("div", "nbsession-node nbsession-image", image);
  let content: unknown;
  let own = "";
  const release = () => {
    if (own) URL.revokeObjectURL(own);
    own = "";
  };
  const update = (changed: OutputNode) => {
    image.alt = text(changed.title) || UNDESCRIBED;
    image.title = text(changed.title);
    image.style.width = text(changed.width);
    image.style.height = text(changed.height);
    if (!ArrayBuffer.isView(changed.content)) {
      release();
      content = null;
      if (image.getAttribute("src") === text(changed.url)) return;
      clearBlocked(shown);
      image.src = text(changed.url);
      return;
    }
    if (changed.content === content) return;
    clearBlocked(shown);
    release();
    content = changed.content;
    own = URL.createObjectURL(
      new Blob([changed.content as Uint8Array<ArrayBuffer>], { type: text(changed.type) }),
    );
    image.src = own;
  };
  update(node);
  return { element: shown, update, dispose: release };
}
