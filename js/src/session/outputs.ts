import type { Bytes } from "../link";
import { applySpecials } from "../values";
import { isNode, type OutputNode } from "./node";
import { editRows, type RowsEdit } from "./rows";
import { Tree } from "./tree";

/** Shows outputs. It receives each change, in order. */
export interface OutputsWatcher {
  /** `before` is the next sibling, `null` at the end; `live`: it is new, not only shown again. */
  put(node: OutputNode, before: number | null, live: boolean): void;
  update(node: OutputNode): void;
  /** A part of a field has changed. The node has changed already. */
  edit?(node: OutputNode, edit: RowsEdit): void;
  remove(key: number): void;
  /** The node, with its descendants, has moved to the end of another one. */
  move?(node: OutputNode, within: readonly OutputNode[]): void;
  scroll?(key: number, position: string): void;
  /** Whether everything that it has been given is in the document. */
  complete?(): boolean;
}

/** The output nodes of a session, and the views that show them. */
export class Outputs {
  private readonly tree = new Tree();
  private readonly watchers = new Set<OutputsWatcher>();
  /** The outputs that have arrived and no view has shown yet. */
  private unseen = new Set<number>();

  /** Show all nodes now and every change from now on. Returns a function that stops this. */
  watch(watcher: OutputsWatcher): () => void {
    const { unseen } = this;
    this.unseen = new Set();
    for (const node of this.tree.walk()) watcher.put(node, null, unseen.has(node.key));
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  get empty(): boolean {
    return !this.tree.size;
  }

  /** Whether a view shows them in the document. */
  get shown(): boolean {
    for (const watcher of this.watchers) if (watcher.complete?.()) return true;
    return false;
  }

  /** Process a message about outputs. Returns whether it is one. */
  receive([name, ...rest]: readonly unknown[], buffers: readonly Bytes[]): boolean {
    if (name === "put") this.put(withBytes(rest[0], rest[2], buffers), rest[1]);
    else if (name === "update") this.update(rest[0], withBytes(rest[1], rest[2], buffers));
    else if (name === "edit") this.edit(rest[0], withBytes(rest[1], rest[2], buffers));
    else if (name === "move") this.move(rest[0], rest[1], rest[2]);
    else if (name === "remove") this.remove(rest[0]);
    else if (name === "snapshot") this.replace(withBytes(rest[0], rest[1], buffers));
    else if (name === "scroll") this.scroll(rest[0], rest[1]);
    else return false;
    return true;
  }

  private put(node: unknown, before: unknown, live = true): void {
    if (!isNode(node)) throw new TypeError("an output node needs a key and a kind");
    if (this.tree.get(node.key)) {
      this.update(node.key, node);
      return;
    }
    const next = typeof before === "number" ? before : null;
    this.tree.add(node, next);
    if (live && !this.watchers.size) this.unseen.add(node.key);
    for (const watcher of this.watchers) watcher.put(node, next, live);
  }

  private update(key: unknown, fields: unknown): void {
    const node = this.tree.get(key);
    if (!node) return;
    const { kind, parent, slot } = node;
    Object.assign(node, fields, { key: node.key, kind });
    // Fields do not change its position.
    if (parent === undefined) delete node.parent;
    else node.parent = parent;
    if (slot === undefined) delete node.slot;
    else node.slot = slot;
    for (const watcher of this.watchers) watcher.update(node);
  }

  private edit(key: unknown, edit: unknown): void {
    const node = this.tree.get(key);
    if (node?.kind !== "datatable") return;
    editRows(node, edit as RowsEdit);
    for (const watcher of this.watchers) watcher.edit?.(node, edit as RowsEdit);
  }

  private move(key: unknown, slot: unknown, parent: unknown): void {
    const node = this.tree.get(key);
    if (!node || !this.tree.move(node, slot as number, parent as number)) return;
    const within = [...this.tree.walk(node.key)];
    for (const watcher of this.watchers) watcher.move?.(node, within);
  }

  private remove(key: unknown): void {
    for (const gone of this.tree.remove(key as number)) {
      this.unseen.delete(gone);
      for (const watcher of this.watchers) watcher.remove(gone);
    }
  }

  private replace(nodes: unknown): void {
    if (!Array.isArray(nodes) || !nodes.every(isNode))
      throw new TypeError("a snapshot is a list of output nodes");
    for (const node of [...this.tree.walk()]) this.remove(node.key);
    for (const node of nodes) this.put(node, null, false);
  }

  private scroll(key: unknown, position: unknown): void {
    for (const watcher of this.watchers) watcher.scroll?.(Number(key), String(position));
  }
}

function withBytes(value: unknown, specials: unknown, buffers: readonly Bytes[]): unknown {
  return specials === undefined ? value : applySpecials(value, specials, buffers);
}
