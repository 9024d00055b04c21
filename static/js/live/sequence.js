/** Decides about a numbered frame: an old one is skipped, the next one is applied, and one that starts beyond the
 * page's position reveals a gap.
 * @param {number} mine up to here this page has everything
 * @param {{prev: number, seq: number}} frame carries every change after `prev` up to `seq` */
export function judge(mine, { prev, seq }) {
  if (seq <= mine) return "skip";
  return prev <= mine ? "apply" : "gap";
}

/** Holds the newest state of every id, including removals, so that repeated frames do no harm. */
export class Store {
  /** @type {Map<string, Live.Item>} */
  #states = new Map();

  /** @param {string} id */
  get(id) {
    return this.#states.get(id);
  }

  /** @param {Live.Item} item @returns {boolean} whether it was news */
  take(item) {
    if (item.seq <= (this.get(item.id)?.seq ?? -1)) return false;
    this.#states.set(item.id, item);
    return true;
  }

  get entries() {
    return /** @type {Live.Entry[]} */ ([...this.#states.values()].filter(({ id }) => id !== "event"));
  }

  /** The newest pinned entry; frames that arrive in the wrong order never leave two. */
  get pinned() {
    const pinned = this.entries.filter((item) => item.op === "put" && item.pinned);
    return pinned.sort((a, b) => b.seq - a.seq)[0];
  }

  clear() {
    this.#states.clear();
  }
}

/** Turns frames and catch-up answers into items, and moves the page's position forward. */
export class Stream {
  /** @param {string} epoch @param {number} seq @param {Live.Outlets} outlets */
  constructor(epoch, seq, outlets) {
    this.epoch = epoch;
    this.seq = seq;
    this.outlets = outlets;
  }

  /** Ignores frames of a type that this version does not know. @param {Live.Frame} frame */
  receive(frame) {
    if (frame.t === "sync") this.#state(frame, frame.head, frame.more);
    else if (frame.t === "ops") this.#ops(frame);
    else if (frame.t === "reset") this.outlets.renew(frame.epoch);
    else if (frame.t === "hb" && frame.seq > this.seq) this.outlets.behind(frame.seq);
    if ("readers" in frame || "writing" in frame) this.outlets.room(frame);
  }

  /** @param {Live.Answer} answer of the catch-up address */
  answered(answer) {
    this.#state(answer, answer.more ? answer.upto : answer.head);
  }

  /** @param {Live.Sync | Live.Answer} state @param {number} upto @param {boolean} [more] must be asked for */
  #state({ epoch, head, items, count }, upto, more) {
    if (epoch !== this.epoch) return this.outlets.renew(epoch);
    this.outlets.deliver(items, count, head);
    if (more) this.outlets.behind(head);
    else this.seq = Math.max(this.seq, upto);
  }

  /** @param {Live.Ops} frame */
  #ops(frame) {
    const verdict = judge(this.seq, frame);
    if (verdict === "skip") return;
    this.outlets.deliver(frame.items, frame.count, frame.seq); // items are full states, so they may be shown beyond a gap
    if (verdict === "apply") this.seq = frame.seq;
    else this.outlets.behind(frame.seq);
    if (frame.ask) this.outlets.asked(frame);
  }
}
