import type { OutputNode } from "../session/node";
import type { OutputsWatcher } from "../session/outputs";
import { ROOT } from "../session/tree";
import { type NodeView, nodeView, type Surroundings } from "./view";

const BLOCKS: Record<string, ScrollLogicalPosition> = { top: "start", middle: "center", bottom: "end" };

/** The nodes of one session in one element, in order. */
export class Panel implements OutputsWatcher {
  private readonly views = new Map<number, NodeView>();
  private ended = false;
  /** Called when something new stands in the root. */
  onAdded: () => void = () => {};

  constructor(
    private readonly root: HTMLElement,
    private readonly around: Surroundings,
  ) {}

  put(node: OutputNode, before: number | null, live: boolean): void {
    const view = nodeView(node, this.around);
    this.views.set(node.key, view);
    if (this.ended) view.end?.(); // a page that was reloaded is shown them again
    view.element.classList.toggle("nbsession-new", live);
    const place = this.place(node);
    const next = before === null ? null : (this.views.get(before)?.element ?? null);
    place.insertBefore(view.element, next?.parentNode === place ? next : null);
    if (live && place === this.root) this.onAdded();
  }

  update(node: OutputNode): void {
    this.views.get(node.key)?.update(node);
  }

  move(node: OutputNode): void {
    const view = this.views.get(node.key);
    if (view) this.place(node).append(view.element);
  }

  remove(key: number): void {
    const view = this.views.get(key);
    view?.dispose?.();
    view?.element.remove();
    this.views.delete(key);
  }

  scroll(key: number, position: string): void {
    const target = key === ROOT ? this.root : this.views.get(key)?.element;
    target?.scrollIntoView({ block: BLOCKS[position] ?? "nearest", behavior: "smooth" });
  }

  /** The session has ended: what is there stays. */
  end(): void {
    this.ended = true;
    for (const view of this.views.values()) view.end?.();
  }

  clear(): void {
    for (const key of [...this.views.keys()]) this.remove(key);
  }

  private place(node: OutputNode): HTMLElement {
    const parent = node.parent === undefined ? undefined : this.views.get(node.parent);
    return parent?.slot?.(node.slot) ?? this.root;
  }
}
