/** An output node of a session as Python describes it: `kind` says which other fields there are. */
export interface OutputNode {
  key: number;
  kind: string;
  /** The node that it stands in; none for those in the root. */
  parent?: number;
  /** In which place of its parent: a cell of a table. */
  slot?: number;
  [field: string]: unknown;
}

export function isNode(value: unknown): value is OutputNode {
  if (typeof value !== "object" || value === null) return false;
  const { key, kind } = value as Partial<OutputNode>;
  return Number.isSafeInteger(key) && typeof kind === "string";
}
