/** A made-up event and a bad line to it, both from a seed, so that a failure can be run again. */

/** @param {number} seed */
export function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    pick: (list) => list[Math.floor(next() * list.length)],
    shuffled: (list) => list.map((one) => [next(), one]).sort(([a], [b]) => a - b).map(([, one]) => one),
  };
}

/** What the database holds: the newest state of each entry, and the head. */
export class Event {
  head = 0;
  items = new Map();

  /** One operation of the desk; some change several entries in numbers that belong together. */
  operate(roll) {
    const ids = [...this.items.keys()];
    const old = ids.length && this.items.get(roll.pick(ids));
    const kind = old ? roll.pick(["publish", "publish", "edit", "pin", "move", "remove", "restore"]) : "publish";
    if (kind === "publish") this.#put({ id: `n${ids.length}`, order: 16 * (ids.length + 1), pinned: false });
    else if (kind === "remove") this.#set({ op: "del", id: old.id, order: old.order });
    else if (kind === "pin") this.#pin(old);
    else if (kind === "move") this.#put({ ...old, order: roll.below(16 * ids.length) });
    else this.#put(old);
  }

  #pin(entry) {
    for (const other of this.items.values()) if (other.pinned) this.#put({ ...other, pinned: false });
    this.#put({ ...entry, pinned: true });
  }

  #put(entry) {
    this.#set({ ...entry, op: "put", key: false, kind: "edit", html: `text ${this.head + 1}` });
  }

  #set(item) {
    this.items.set(item.id, { ...item, seq: ++this.head });
  }

  since(number) {
    return [...this.items.values()].filter(({ seq }) => seq > number).sort((a, b) => a.seq - b.seq);
  }

  frame(prev) {
    return { t: "ops", prev, seq: this.head, items: this.since(prev), count: this.items.size };
  }

  /** At most `limit` items at a time. */
  answer(after, limit) {
    const all = this.since(after);
    const items = all.slice(0, limit);
    const more = items.length < all.length;
    const upto = more ? items.at(-1).seq : this.head;
    return { epoch: "e", head: this.head, upto, items, more, count: 0, status: "live" };
  }
}
