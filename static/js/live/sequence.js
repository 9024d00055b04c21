import { shield } from "./shield.js";

/** Decides about a numbered frame: an old one is skipped, the next one is applied, and one that starts beyond the
 * page's position reveals a gap.
 * @param {number} position up to here this page has everything
 * @param {{prev: number, seq: number}} frame carries every change after `prev` up to `seq` */
export function judge(position, { prev, seq }) {
  if (seq <= position) return "skip";
  return prev <= position ? "apply" : "gap";
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
  /** @param {string} epoch @param {number} seq @param {Live.StreamListener} listener */
  constructor(epoch, seq, listener) {
    this.epoch = epoch;
    this.seq = seq;
    this.listener = listener;
  }

  /** Ignores frames of a type that this version does not know. @param {Live.Frame} frame */
  receive(frame) {
    const { epoch = this.epoch } = frame;
    if (frame.t === "reset" || epoch !== this.epoch) this.listener.renew(epoch);
    else if (frame.t === "sync") this.#applyState(frame, frame.head, frame.more);
    else if (frame.t === "ops") this.#applyOps(frame);
    else if (frame.t === "hb" && frame.seq > this.seq) this.listener.behind(frame.seq);
    if ("readers" in frame || "writing" in frame) shield(() => this.listener.audience(frame));
  }

  /** @param {Live.Answer} answer of the catch-up address */
  receiveAnswer(answer) {
    this.#applyState(answer, answer.more ? answer.upto : answer.head);
  }

  /** @param {Live.Sync | Live.Answer} state @param {number} upto @param {boolean} [more] must be asked for */
  #applyState({ epoch, head, items, count }, upto, more) {
    if (epoch !== this.epoch) return this.listener.renew(epoch);
    shield(() => this.listener.deliver(items, count, head));
    if (more) this.listener.behind(head);
    else this.seq = Math.max(this.seq, upto);
  }

  /** @param {Live.Ops} frame */
  #applyOps(frame) {
    const verdict = judge(this.seq, frame);
    if (verdict === "skip") return;
    // Items are full states, so they may be shown beyond a gap.
    shield(() => this.listener.deliver(frame.items, frame.count, frame.seq));
    if (verdict === "apply") this.seq = frame.seq;
    else this.listener.behind(frame.seq);
    if (frame.ask) shield(() => this.listener.confirm(frame));
  }
}
