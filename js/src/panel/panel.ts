import type { OutputNode } from "../session/node";
import type { OutputsWatcher } from "../session/outputs";
import type { RowsEdit } from "../session/rows";
import { ROOT } from "../session/tree";
import { Extras } from "./extras";
import type { NodeView } from "./node_view";
import type { Surroundings } from "./surroundings";
import { nodeView } from "./view";

const BLOCKS: Record<string, ScrollLogicalPosition> = { top: "start", middle: "center", bottom: "end" };

/**
 * The nodes of one session in one element, in order: all of them, or those of a part. The parts are the root without
 * the nodes that stand apart, and each of these.
 */
export class Panel implements OutputsWatcher {
  private readonly views = new Map<number, NodeView>();
  /** Of the nodes that have any. */
  private readonly extras = new Map<number, Extras>();
  private ended = false;
  /** The views that may still be rendering. */
  private readonly rendering = new Set<NodeView>();
  private addedCallback: (() => void) | null = null;
  /** Whether a node was added without a callback. */
  private added = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly around: Surroundings,
    private readonly part: number | null = null,
  ) {}

  put(node: OutputNode, before: number | null, live: boolean): void {
    const place = this.place(node);
    if (!place) return;
    const view = this.view(node);
    this.views.set(node.key, view);
    if (view.pending) this.rendering.add(view);
    if (this.ended) view.end?.(); // a reloaded page shows them again
    view.element.classList.toggle("nbsession-new", live);
    this.showExtras(node, view);
    const next = before === null ? null : (this.views.get(before)?.element ?? null);
    place.insertBefore(view.element, next?.parentNode === place ? next : null);
    if (!live || place !== this.root) return;
    if (this.addedCallback) this.addedCallback();
    else this.added = true;
  }

  update(node: OutputNode): void {
    const view = this.views.get(node.key);
    if (!view) return;
    this.extras.get(node.key)?.undo();
    try {
      view.update(node);
      if (view.pending) this.rendering.add(view);
    } catch (error) {
      console.error("nbsession could not show an output", error);
    }
    this.showExtras(node, view);
  }

  edit(node: OutputNode, edit: RowsEdit): void {
    const view = this.views.get(node.key);
    if (view?.edit) view.edit(node, edit);
    else this.update(node);
  }

  move(node: OutputNode, within: readonly OutputNode[]): void {
    const view = this.views.get(node.key);
    const place = this.place(node);
    if (view && place) place.append(view.element);
    else if (view) for (const gone of [...within].reverse().concat(node)) this.remove(gone.key);
    else for (const come of [node, ...within]) this.put(come, null, false);
  }

  remove(key: number): void {
    const view = this.views.get(key);
    if (!view) return;
    this.rendering.delete(view);
    view.dispose?.();
    view.element.remove();
    this.views.delete(key);
    this.extras.delete(key);
  }

  scroll(key: number, position: string): void {
    const target = key === (this.part ?? ROOT) ? this.root : this.views.get(key)?.element;
    target?.scrollIntoView({ block: BLOCKS[position] ?? "nearest", behavior: "smooth" });
  }

  /**
   * Call `callback` for each new node of the root, and at once if a node was added before there was a callback. `null`
   * removes the callback.
   */
  onAdded(callback: (() => void) | null): void {
    this.addedCallback = callback;
    if (this.added) callback?.();
    this.added = false;
  }

  complete(): boolean {
    for (const view of this.rendering) if (!view.pending?.()) this.rendering.delete(view);
    return this.root.isConnected && !this.rendering.size;
  }

  /** The session has ended: its outputs stay. */
  end(): void {
    this.ended = true;
    for (const view of this.views.values()) view.end?.();
    for (const each of this.extras.values()) each.end();
  }

  clear(): void {
    for (const key of [...this.views.keys()]) this.remove(key);
  }

  /** The view of a node. If it fails, the error is shown in its place, and other views continue. */
  private view(node: OutputNode): NodeView {
    try {
      return nodeView(node, this.around);
    } catch (error) {
      console.error("nbsession could not show an output", error);
      return nodeView(
        { key: node.key, kind: "text", text: `This output could not be shown: ${error}` },
        this.around,
      );
    }
  }

  private showExtras(node: OutputNode, { element }: NodeView): void {
    let extras = this.extras.get(node.key);
    if (!extras) {
      if (!Extras.needed(node)) return;
      extras = new Extras(element, this.around.call);
      this.extras.set(node.key, extras);
      if (this.ended) extras.end();
    }
    extras.show(node);
  }

  /** The parent element of a node; `null` if another panel shows the node. */
  private place(node: OutputNode): HTMLElement | null {
    const holder = node.parent ?? ROOT;
    // The input panel shows forms.
    if (node.kind === "form" || (this.part !== null && node.apart === true)) return null;
    if (holder === (this.part ?? ROOT)) return this.root;
    const parent = this.views.get(holder);
    return parent ? (parent.slot?.(node.slot) ?? this.root) : null;
  }
}
