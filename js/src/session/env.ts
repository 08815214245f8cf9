/** The options that `set_env` has set for a session, and their watchers. */
export class Env {
  readonly options: Record<string, unknown> = {};
  private readonly watchers = new Set<() => void>();

  set(options: unknown): void {
    Object.assign(this.options, options);
    for (const watcher of this.watchers) watcher();
  }

  /** Call `watcher` now and whenever an option has been set. Returns a function that stops this. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    watcher();
    return () => this.watchers.delete(watcher);
  }
}
