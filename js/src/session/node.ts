/** An output node of a session in Python's format: `kind` determines its other fields. */
export interface OutputNode {
  key: number;
  kind: string;
  /** The parent node; undefined for nodes in the root. */
  parent?: number;
  /** The slot of the parent, for example a cell of a table. */
  slot?: number;
  [field: string]: unknown;
}

export function isNode(value: unknown): value is OutputNode {
  if (typeof value !== "object" || value === null) return false;
  const { key, kind } = value as Partial<OutputNode>;
  return Number.isSafeInteger(key) && typeof kind === "string";
}
