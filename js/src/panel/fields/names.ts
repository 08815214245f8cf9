/** Unique in the document, also beside those of other bundles. */
const PREFIX = `nbs-${Math.random().toString(36).slice(2, 9)}`;
let last = 0;

/** An id for an element that another one refers to. */
export function newId(): string {
  last += 1;
  return `${PREFIX}-${last}`;
}
