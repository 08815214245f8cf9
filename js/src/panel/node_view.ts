import type { OutputNode } from "../session/node";
import type { RowsEdit } from "../session/rows";

/** An output node on the page. */
export interface NodeView {
  readonly element: HTMLElement;
  update(node: OutputNode): void;
  /** A part of a field has changed; otherwise `update` is called. */
  edit?(node: OutputNode, edit: RowsEdit): void;
  /** The element for the nodes inside this one. */
  slot?(number: number | undefined): HTMLElement;
  /** Whether it is still being rendered. */
  pending?(): boolean;
  /** The session has ended: the output stays, without function. */
  end?(): void;
  /** It has been removed. */
  dispose?(): void;
}
