/** The delays of the reader's page in seconds, derived from three settings of the server.
 * @param {DOMStringMap} settings `data-hidden-close`, `data-backoff-base`, `data-poll` of <live-event> */
export function timing(settings) {
  const base = Number(settings.backoffBase);
  const poll = Number(settings.poll);
  return {
    hiddenClose: Number(settings.hiddenClose),
    base,
    cap: 60 * base,
    settled: 10 * base, // a socket that lasted this long counts as a success
    spread: 5 * base, // time over which readers reload the page when its epoch changes
    patience: 3 * base, // a longer wait for a socket is bridged by polling
    poll,
    saving: 6 * poll,
    hidden: 3 * poll,
    rest: 30 * poll, // between two polls of a page whose event has ended …
    restFor: 86_400, // … for a day, because corrections and removals may follow the next morning
    full: 30 * poll, // before a full server is tried for a socket again
  };
}

/** Full jitter: waits a random time below a bound that doubles, so that readers cut off together do not return
 * together. */
export class Backoff {
  #attempt = 0;

  /** @param {{base: number, cap: number}} timing */
  constructor({ base, cap }, random = Math.random) {
    this.next = () => random() * Math.min(cap, base * 2 ** this.#attempt++);
  }

  reset() {
    this.#attempt = 0;
  }
}

/** @param {number} low @param {number} high */
export const between = (low, high, random = Math.random) => low + random() * (high - low);

/** @param {number} seconds give or take 30 % */
export const around = (seconds, random = Math.random) => between(0.7 * seconds, 1.3 * seconds, random);

/** Seconds that a `Retry-After` header asks for; it holds a number or a date. @param {string | null} header */
export function retryAfter(header, now = Date.now()) {
  const seconds = Number(header);
  return Math.max(0, Number.isNaN(seconds) ? (Date.parse(String(header)) - now) / 1000 || 0 : seconds);
}

const LONGEST = 3600; // seconds; a browser fires a timer of several weeks at once

/** @param {number} seconds @param {AbortSignal} signal @returns {Promise<boolean>} whether the time passed */
export function wait(seconds, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end); // the signal outlives this wait
      resolve(!signal.aborted);
    };
    const timer = setTimeout(end, 1000 * Math.min(seconds, LONGEST));
    signal.addEventListener("abort", end);
  });
}
