/** @typedef {import("./outbox.js").Item} Item */

export const STALE = 5 * 60_000; // ms in the queue after which the writer is asked whether the update still holds
const SKEW = 5000; // ms; an item from further in the future was queued before the device's clock was put back

/** How long items have waited, whatever happens to the device's clock. */
export class Staleness {
  /** When this page queued an item, by a clock that is never put back. @type {WeakMap<Item, number>} */
  #since = new WeakMap();

  /** @param {Item} item */
  begin(item) {
    this.#since.set(item, performance.now());
  }

  /** @param {Item} item @param {number} now */
  isStale(item, now) {
    const age = now - item.at;
    const waited = performance.now() - (this.#since.get(item) ?? Infinity);
    return Math.max(age, waited) > STALE || age < -SKEW;
  }
}
