/** The part of the Web Locks API that we use. */
export interface Locks {
  /** Hold the lock until what `held` returns is settled; call it with `null` if the lock is held elsewhere. */
  request(
    name: string,
    options: { ifAvailable: true },
    held: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

/** How long another tab may take to say that it holds a lock. In milliseconds. */
const WAIT_FOR_ANSWER = 150;

/** The browser's locks, or, on plain http, where it has none, tabs that ask one another. */
export function tabLocks(): Locks | undefined {
  if (navigator.locks) return navigator.locks as Locks;
  return typeof BroadcastChannel === "function" ? broadcastLocks : undefined;
}

/** Who holds a name answers whoever asks for it. */
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
