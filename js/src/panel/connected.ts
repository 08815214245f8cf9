/** Call `ready` once the element is in the document, possibly now. Returns a function that stops waiting. */
export function whenConnected(shown: HTMLElement, ready: () => void): () => void {
  let done = false;
  const look = () => {
    if (done || !shown.isConnected) return;
    done = true;
    observer.disconnect();
    ready();
  };
  const observer = new ResizeObserver(look);
  observer.observe(shown);
  queueMicrotask(look);
  return () => {
    done = true;
    observer.disconnect();
  };
}
