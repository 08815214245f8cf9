/** A message that is shown at the top of the page, in Python's format. */
export interface Toast {
  readonly text?: unknown;
  /** In seconds; 0: until the reader closes it. */
  readonly duration?: unknown;
  readonly position?: unknown;
  readonly color?: unknown;
  /** Called with whether the reader pressed it, when it goes. */
  readonly callback?: unknown;
}

/** Shows the toasts of all sessions: each once, whether or not a session has a view. The panel provides it. */
export const toasts = {
  show(_toast: Toast, _gone: ((pressed: boolean) => void) | null): void {},
};
