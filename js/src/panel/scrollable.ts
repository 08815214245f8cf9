/**
 * Let the keyboard scroll elements that are wider or higher than their place, and no others: each is another stop of
 * the Tab key. Returns a function that stops this.
 */
export function watchOverflow(shown: HTMLElement, candidates: () => Iterable<HTMLElement>): () => void {
  if (typeof ResizeObserver === "undefined") return () => {};
  const observer = new ResizeObserver(() => {
    for (const each of candidates()) {
      const scrolls = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
      if (scrolls) each.tabIndex = 0;
      else if (!each.classList.contains("nbsession-clickable")) each.removeAttribute("tabindex");
    }
  });
  observer.observe(shown);
  return () => observer.disconnect();
}
