import { Backoff, around, between, retryAfter, wait } from "./backoff.js";

const TIMEOUT = 20_000; // milliseconds; a request that hangs would block all later ones

/** Fetches without ever throwing: after a network failure or a refusal the caller tries again later.
 * @template T @param {string} url @param {AbortSignal} signal @param {(response: Response) => Promise<T>} read
 * @returns {Promise<Live.Reply<T>>} */
export async function ask(url, signal, read) {
  const limit = new AbortController(); // AbortSignal.any() is missing in some browsers
  const stop = () => limit.abort();
  const timer = setTimeout(stop, TIMEOUT);
  signal.addEventListener("abort", stop);
  try {
    const response = await fetch(url, { signal: limit.signal });
    if (response.ok) return { answer: await read(response), after: 0 };
    return { gone: [404, 410].includes(response.status), after: retryAfter(response.headers.get("Retry-After")) };
  } catch {
    return { after: 0 };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** @param {string} url @param {string} epoch @param {number} after @param {number} head */
export function changesUrl(url, epoch, after, head) {
  const at = head > after ? `&at=${head}` : ""; // gets past a shared cache whose response is older than this head
  return `${url}?after=${after}&epoch=${encodeURIComponent(epoch)}${at}`;
}

/** Fetches missing changes over HTTP, one request at a time, until none is missing. */
export class CatchUp {
  #head = 0;
  #stop = new AbortController();
  /** @type {Promise<void> | null} */
  #running = null;

  /** @param {string} url @param {Live.Stream} stream @param {{base: number, cap: number}} timing
   * @param {(reply: Live.Reply<Live.Answer>) => void} onReply */
  constructor(url, stream, timing, onReply) {
    this.url = url;
    this.stream = stream;
    this.timing = timing;
    this.onReply = onReply;
  }

  /** Resolves when everything up to the head has arrived. */
  ask(head = 0) {
    this.#head = Math.max(this.#head, head);
    return (this.#running ??= this.#run((this.#stop = new AbortController()).signal));
  }

  stop() {
    this.#stop.abort();
    this.#running = null;
    this.#head = 0;
  }

  /** @param {AbortSignal} signal */
  async #run(signal) {
    const backoff = new Backoff(this.timing);
    let pause = 0;
    try {
      do pause = await this.#request(signal, backoff);
      while (pause >= 0 && (await wait(pause, signal)));
    } finally {
      // Also after an exception: the next request may repair it.
      if (!signal.aborted) this.#running = null;
    }
  }

  /** @param {AbortSignal} signal @param {Backoff} backoff
   * @returns {Promise<number>} seconds to the next, -1 for none */
  async #request(signal, backoff) {
    const { stream, timing } = this;
    const { epoch, seq } = stream;
    /** @type {Live.Reply<Live.Answer>} */
    const reply = await ask(changesUrl(this.url, epoch, seq, this.#head), signal, (response) => response.json());
    if (signal.aborted) return -1;
    if (reply.answer) stream.receiveAnswer(reply.answer);
    else reply.after = Math.max(reply.after, backoff.next());
    this.onReply(reply);
    if (reply.gone || signal.aborted) return -1;
    if (!reply.answer) return reply.after;
    if (reply.answer.more && stream.seq > seq) return 0;
    return stream.seq < this.#head ? between(timing.base, 2 * timing.base) : -1;
  }
}

/** Repeats a request; the interval is computed anew each time. */
export class Polling {
  /** @type {AbortController | null} */
  #stop = null;

  /** @param {() => Promise<void>} ask @param {() => number} interval seconds, before jitter */
  constructor(ask, interval) {
    this.ask = ask;
    this.interval = interval;
  }

  get running() {
    return !!this.#stop;
  }

  /** @param {number} [delay] seconds before the first question */
  async start(delay = 0) {
    if (this.#stop) return;
    const { signal } = (this.#stop = new AbortController());
    for (let pause = delay; await wait(pause, signal); pause = around(this.interval())) await this.ask().catch((error) => globalThis.reportError?.(error));
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
  }
}
