/** Keep keys that the browser handles in an element from JupyterLab, which has shortcuts for them. */
export function ownKeys(place: HTMLElement, ...keys: string[]): void {
  place.addEventListener("keydown", (event) => {
    if (keys.includes(event.key)) event.stopPropagation();
  });
}
