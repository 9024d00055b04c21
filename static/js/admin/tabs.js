/* Communication between several tabs of one browser that have the desk open. */

/** @typedef {{ about: "outbox" | "leaving", user: string }} Word */

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("desk") : undefined;

/** @param {Word} word */
export function tellTabs(word) {
  channel?.postMessage(word);
}

/** Listen to the messages of other tabs about a user.
 * @param {string} user @param {(word: Word) => void} heard @param {AbortSignal} signal */
export function hearTabs(user, heard, signal) {
  const take = (/** @type {MessageEvent<Word>} */ { data }) => (data.user === user ? heard(data) : undefined);
  channel?.addEventListener("message", take, { signal });
}

/** Do the work unless another tab is doing it; whether it was done.
 * @param {string} name @param {() => Promise<void>} work @returns {Promise<boolean>} */
export async function alone(name, work) {
  if (!navigator.locks) return work().then(() => true);
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}
