import type { Channels } from "../session/channels";
import type { OutputNode } from "../session/node";
import type { OutputsWatcher } from "../session/outputs";
import { type NodeView, nodeView } from "./view";

/** The nodes of one session in one element, in order. */
export class Panel implements OutputsWatcher {
  private readonly views = new Map<number, NodeView>();

  constructor(
    private readonly root: HTMLElement,
    private readonly channels: Channels,
  ) {}

  put(node: OutputNode): void {
    const view = nodeView(node, this.channels);
    this.views.set(node.key, view);
    this.root.append(view.element);
  }

  update(node: OutputNode): void {
    this.views.get(node.key)?.update(node);
  }

  remove(key: number): void {
    const view = this.views.get(key);
    view?.dispose?.();
    view?.element.remove();
    this.views.delete(key);
  }

  /** Stop following what the nodes show; what is there stays. */
  release(): void {
    for (const view of this.views.values()) view.dispose?.();
  }

  clear(): void {
    for (const key of [...this.views.keys()]) this.remove(key);
  }
}
