/** The part of the Web Locks API that this package uses. */
export interface Locks {
  /** Hold the lock until the result of `held` is settled. Calls it with `null` if the lock is held elsewhere. */
  request(
    name: string,
    options: { ifAvailable: true },
    held: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

/** Maximum time for another tab to answer that it holds a lock. In milliseconds. */
const WAIT_FOR_ANSWER = 150;

/** The browser's locks or, on plain http, where there are none, messages between tabs. */
export function tabLocks(): Locks | undefined {
  if (navigator.locks) return navigator.locks as Locks;
  return typeof BroadcastChannel === "function" ? broadcastLocks : undefined;
}

/** The holder of a name answers all questions about it. */
export const broadcastLocks: Locks = {
  async request(name, _, held) {
    const channel = new BroadcastChannel(name);
    try {
      if (await isHeld(channel)) return await held(null);
      channel.onmessage = ({ data }) => data === "whose?" && channel.postMessage("mine");
      await held({ name });
    } finally {
      channel.close();
    }
  },
};

function isHeld(channel: BroadcastChannel): Promise<boolean> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), WAIT_FOR_ANSWER);
    channel.onmessage = ({ data }) => data === "mine" && resolve(true);
    channel.postMessage("whose?");
  });
}
