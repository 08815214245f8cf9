import type { OutputNode } from "./node";

/** The key of the root, the parent of top-level nodes. */
export const ROOT = 0;

/** Output nodes by key, in order. */
export class Tree {
  private readonly nodes = new Map<number, OutputNode>();
  private readonly children = new Map<number, number[]>();

  get size(): number {
    return this.nodes.size;
  }

  get(key: unknown): OutputNode | undefined {
    return this.nodes.get(key as number);
  }

  /** Insert a node before another one in its parent, or at the end. If the parent does not exist, the root is used. */
  add(node: OutputNode, before: number | null): void {
    this.nodes.set(node.key, node);
    this.place(node, before);
  }

  /** Move a node to the end of another one. Returns whether both exist. */
  move(node: OutputNode, slot: number, parent: number): boolean {
    if (!this.nodes.has(parent) || this.below(node).includes(parent)) return false;
    this.leave(node);
    node.parent = parent;
    node.slot = slot;
    this.place(node, null);
    return true;
  }

  /** Remove a node and its descendants. Returns the keys, the innermost first. */
  remove(key: number): number[] {
    const node = this.nodes.get(key);
    if (!node) return [];
    this.leave(node);
    const gone = this.below(node).reverse();
    for (const each of gone) {
      this.nodes.delete(each);
      this.children.delete(each);
    }
    return gone;
  }

  /** All nodes: parents before their children, siblings in order. */
  *walk(from = ROOT): Iterable<OutputNode> {
    for (const key of this.children.get(from) ?? []) {
      const node = this.nodes.get(key);
      if (!node) continue;
      yield node;
      yield* this.walk(key);
    }
  }

  private below(node: OutputNode): number[] {
    return [node.key, ...[...this.walk(node.key)].map((each) => each.key)];
  }

  private place(node: OutputNode, before: number | null): void {
    if (node.parent !== undefined && !this.nodes.has(node.parent)) delete node.parent;
    const siblings = this.children.get(node.parent ?? ROOT) ?? [];
    const index = before === null ? -1 : siblings.indexOf(before);
    siblings.splice(index < 0 ? siblings.length : index, 0, node.key);
    this.children.set(node.parent ?? ROOT, siblings);
  }

  private leave(node: OutputNode): void {
    const siblings = this.children.get(node.parent ?? ROOT);
    siblings?.splice(siblings.indexOf(node.key), 1);
  }
}
