/*
 * Several tabs of one browser have the desk open: what they tell each other, and what only one of them does at a time.
 */

/** @typedef {{ about: "outbox" | "leaving", user: string }} Word */

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("desk") : undefined;

/** @param {Word} word */
export function tellTabs(word) {
  channel?.postMessage(word);
}

/** What the other tabs tell of somebody. @param {string} user @param {(word: Word) => void} heard @param {AbortSignal} signal */
export function hearTabs(user, heard, signal) {
  const take = (/** @type {MessageEvent<Word>} */ { data }) => (data.user === user ? heard(data) : undefined);
  channel?.addEventListener("message", take, { signal });
}

/** Unless another tab is at it. @param {string} name @param {() => Promise<void>} work @returns {Promise<boolean>} */
export async function alone(name, work) {
  if (!navigator.locks) return work().then(() => true);
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}
