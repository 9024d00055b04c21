import { Backoff, between, wait } from "./backoff.js";

const LOOKS = 2; // attempts that get the old epoch; then the process that announced the new one may lag

/** Reloads a page whose epoch is void. Thousands of readers do so at once, so there is a random delay before each
 * attempt. */
export class Renewal {
  #penance = 0;

  /** @param {{base: number, cap: number, spread: number}} timing */
  constructor(timing) {
    this.timing = timing;
    this.backoff = new Backoff(timing);
  }

  /** Resolves with neither `answer` nor `gone` if it was aborted, or if the page may stay as it is.
   * @template {{dataset: DOMStringMap}} T
   * @param {() => Promise<Live.Reply<T[]>>} take @param {string} mine epoch of the page @param {string} told instead
   * @param {AbortSignal} signal @returns {Promise<Live.Reply<T[]>>} */
  async run(take, mine, told, signal) {
    let looks = 0;
    for (let pause = this.#penance + between(0, this.timing.spread); await wait(pause, signal); ) {
      const reply = await take();
      const old = reply.answer?.[0]?.dataset.epoch === mine && told !== mine;
      if (signal.aborted) break;
      if (reply.gone || (reply.answer && !old)) return this.#done(reply);
      const rest = this.backoff.next();
      if (old && ++looks === LOOKS) {
        this.#penance = rest; // for the next call, which follows until the lagging process has caught up
        break;
      }
      pause = Math.max(rest, reply.after);
    }
    return { after: 0 };
  }

  /** @template T @param {T} reply */
  #done(reply) {
    this.#penance = 0;
    this.backoff.reset();
    return reply;
  }
}
