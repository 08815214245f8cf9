/**
 * Replace some children of an element by others, which become its first ones. Those that are in order already are not
 * moved: the focus would be lost, and frames in them would load again.
 */
export function arrange(
  place: HTMLElement,
  former: Iterable<HTMLElement>,
  wanted: readonly HTMLElement[],
): void {
  const kept = new Set(wanted);
  for (const each of former) if (!kept.has(each)) each.remove();
  for (const [index, each] of wanted.entries()) {
    const there = place.children[index] ?? null;
    if (there !== each) place.insertBefore(each, there);
  }
}
