/**
 * Run code that finds elements of this output by their ids before others of the same id: a chart that is shown twice
 * has its id twice.
 */
export function withIds(shown: Element, run: () => void): void {
  const everywhere = document.getElementById;
  const here = (id: string) =>
    shown.querySelector<HTMLElement>(`#${CSS.escape(id)}`) ?? everywhere.call(document, id);
  document.getElementById = here;
  try {
    run();
  } finally {
    // From then on, the method of its prototype.
    if (document.getElementById === here) Reflect.deleteProperty(document, "getElementById");
  }
}
