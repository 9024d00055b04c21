import { Backoff, between, wait } from "./backoff.js";

const ATTEMPTS = 2; // attempts that get the old epoch; then the process that announced the new one may lag

/** Reloads a page whose epoch is void. Thousands of readers do so at once, so there is a random delay before each
 * attempt. */
export class PageRenewal {
  #extraDelay = 0;

  /** @param {{base: number, cap: number, spread: number}} timing */
  constructor(timing) {
    this.timing = timing;
    this.backoff = new Backoff(timing);
  }

  /** Resolves with neither `answer` nor `gone` if it was aborted, or if the page may stay as it is.
   * @template {{dataset: DOMStringMap}} T
   * @param {() => Promise<Live.Reply<T[]>>} fetchPage @param {string} ownEpoch epoch of the page @param {string} announced instead
   * @param {AbortSignal} signal @returns {Promise<Live.Reply<T[]>>} */
  async run(fetchPage, ownEpoch, announced, signal) {
    let attempts = 0;
    for (let pause = this.#extraDelay + between(0, this.timing.spread); await wait(pause, signal); ) {
      const reply = await fetchPage();
      const isOld = reply.answer?.[0]?.dataset.epoch === ownEpoch && announced !== ownEpoch;
      if (signal.aborted) break;
      if (reply.gone || (reply.answer && !isOld)) return this.#done(reply);
      const delay = this.backoff.next();
      if (isOld && ++attempts === ATTEMPTS) {
        this.#extraDelay = delay; // for the next call, which follows until the lagging process has caught up
        break;
      }
      pause = Math.max(delay, reply.after);
    }
    return { after: 0 };
  }

  /** @template T @param {T} reply */
  #done(reply) {
    this.#extraDelay = 0;
    this.backoff.reset();
    return reply;
  }
}
