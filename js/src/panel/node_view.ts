import type { OutputNode } from "../session/node";

/** An output node on the page. */
export interface NodeView {
  readonly element: HTMLElement;
  update(node: OutputNode): void;
  /** Where the nodes that stand in this one go. */
  slot?(number: number | undefined): HTMLElement;
  /** The session has ended: what is there stays, and does nothing any more. */
  end?(): void;
  /** It has been taken away. */
  dispose?(): void;
}
