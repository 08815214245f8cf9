import { isNode, type OutputNode } from "./node";

/** Who shows outputs: told of each change, in order. */
export interface OutputsWatcher {
  put(node: OutputNode): void;
  update(node: OutputNode): void;
  remove(key: number): void;
}

/** The output nodes of a session, in order, and the views that show them. */
export class Outputs {
  private readonly nodes = new Map<number, OutputNode>();
  private readonly watchers = new Set<OutputsWatcher>();

  /** Show all nodes now and every change from now on. Returns how to stop. */
  watch(watcher: OutputsWatcher): () => void {
    for (const node of this.nodes.values()) watcher.put(node);
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  put(node: unknown): void {
    if (!isNode(node)) throw new TypeError("an output node needs a key and a kind");
    if (this.nodes.has(node.key)) {
      this.update(node.key, node);
      return;
    }
    this.nodes.set(node.key, node);
    for (const watcher of this.watchers) watcher.put(node);
  }

  update(key: unknown, fields: unknown): void {
    const node = this.nodes.get(key as number);
    if (!node) return;
    Object.assign(node, fields, { key: node.key, kind: node.kind });
    for (const watcher of this.watchers) watcher.update(node);
  }

  remove(key: unknown): void {
    if (!this.nodes.delete(key as number)) return;
    for (const watcher of this.watchers) watcher.remove(key as number);
  }

  replace(nodes: unknown): void {
    if (!Array.isArray(nodes) || !nodes.every(isNode))
      throw new TypeError("a snapshot is a list of output nodes");
    for (const key of [...this.nodes.keys()]) this.remove(key);
    for (const node of nodes) this.put(node);
  }
}
