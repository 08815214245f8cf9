/**
 * Let the keyboard scroll what is wider or higher than its place, and nothing else: each is one more stop of the Tab
 * key. Returns how to stop.
 */
export function watchOverflow(shown: HTMLElement, candidates: () => Iterable<HTMLElement>): () => void {
  if (typeof ResizeObserver === "undefined") return () => {};
  const observer = new ResizeObserver(() => {
    for (const each of candidates()) {
      const scrolls = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
      if (scrolls) each.tabIndex = 0;
      else each.removeAttribute("tabindex");
    }
  });
  observer.observe(shown);
  return () => observer.disconnect();
}
