import type { OutputNode } from "../session/node";
import { element } from "./element";
import { fieldOf } from "./fields/field";
import { type FieldOwner, FieldView } from "./fields/field_view";
import type { NodeView } from "./node_view";
import { suppressShortcuts } from "./shortcuts";
import type { Surroundings } from "./surroundings";

/** Maximum time for Python to hear what the reader types. In seconds. */
const SOON = 0.1;

/** A field among the outputs: Python reads its value whenever it wants. */
export function pinView(node: OutputNode, around: Surroundings): NodeView {
  const { inputs } = around;
  const shown = element("div", "nbsession-node nbsession-pin");
  suppressShortcuts(shown);
  let ended = false;
  let current = node;

  const owner: FieldOwner = {
    key: node.key,
    around,
    heading: null,
    changed(view, typing) {
      // Other views of the node show it when they are created.
      current.typed = view.read();
      if (typing) inputs.soon(SOON, node.key, "change", view.name, () => [view.name, view.read(), view.set]);
      else {
        inputs.drop(node.key, view.name);
        inputs.send(node.key, "change", view.name, view.read(), view.set);
      }
    },
    left: () => inputs.flush(),
    pressed(view, what) {
      if (what === "action") inputs.send(node.key, "action", view.name);
      else owner.changed(view, false);
    },
  };

  const make = (described: unknown) => {
    const made = new FieldView(fieldOf(described), owner);
    shown.replaceChildren(made.element);
    if (ended) made.lock(true);
    return made;
  };
  let view = make(node.field);
  if (node.typed !== undefined && node.typed !== null) view.write(node.typed);
  const update = (changed: OutputNode) => {
    current = changed;
    const field = fieldOf(changed.field);
    if (field.type !== view.field.type || field.name !== view.name) {
      view.dispose();
      view = make(changed.field);
      return;
    }
    const { set } = view.field;
    view.update(field);
    if (field.set !== set) {
      inputs.drop(node.key);
      changed.typed = view.read();
    }
  };
  const end = () => {
    ended = true;
    view.lock(true);
  };
  // What waits is still sent: another view may show the pin.
  return { element: shown, update, end, dispose: () => view.dispose() };
}
