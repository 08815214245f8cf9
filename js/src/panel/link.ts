import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import type { NodeView } from "./node_view";
import { ownKeys } from "./own_keys";
import { pressable } from "./pressable";
import type { Surroundings } from "./surroundings";

/** What a link may lead to. Others could run code, or show what looks like a page of this server. */
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
/** Gives relative addresses a scheme. */
const BASE = "https://page.invalid/";

/** A link, or its text if its address is not allowed. */
export function linkView(node: OutputNode, around: Surroundings): NodeView {
  if (typeof node.callback === "number") return callingView(node, around);
  const shown = element("a", "nbsession-node nbsession-anchor");
  ownKeys(shown, "Enter");
  const set = (name: string, value: string) => {
    if (value) shown.setAttribute(name, value);
    else shown.removeAttribute(name);
  };
  const update = (changed: OutputNode) => {
    const href = text(changed.href);
    setText(shown, text(changed.text) || href);
    const allowed = URL.canParse(href, BASE) && SCHEMES.has(new URL(href, BASE).protocol);
    set("href", allowed ? href : "");
    set("target", changed.new_window === true ? "_blank" : "");
    set("rel", changed.new_window === true ? "noopener noreferrer" : "");
  };
  update(node);
  return { element: shown, update };
}

/** A link that Python follows, for example to another app. */
function callingView(node: OutputNode, around: Surroundings): NodeView {
  const shown = element("button", "nbsession-node nbsession-anchor nbsession-link");
  let { callback } = node;
  pressable(shown, () => around.call(callback, null));
  const update = (changed: OutputNode) => {
    ({ callback } = changed);
    setText(shown, text(changed.text));
  };
  update(node);
  return { element: shown, update, end: () => (shown.disabled = true) };
}
