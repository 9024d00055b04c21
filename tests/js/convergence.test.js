import assert from "node:assert/strict";
import test from "node:test";
import { Store, Stream } from "../../static/js/live/sequence.js";
import { Event, dice } from "./newsroom.js";

const RUNS = 300;
const STEPS = 60;

/** A page that opened at some moment, on a line that drops, doubles and reorders frames and caches answers. */
class Reader {
  store = new Store();
  shown = new Map();
  behind = false;

  constructor(event) {
    for (const item of event.items.values()) this.#take(item);
    this.stream = new Stream("e", event.head, {
      deliver: (items) => items.forEach((item) => this.#take(item)),
      behind: () => (this.behind = true),
      renew: () => assert.fail("the epoch never changed"),
    });
  }

  #take(item) {
    if (!this.store.take(item)) return;
    assert.ok(item.seq > (this.shown.get(item.id)?.seq ?? 0), "an older state was shown after a newer one");
    this.shown.set(item.id, item);
  }
}

/** Whoever is at number N has everything up to N. */
function assertWhole(reader, event) {
  for (const item of event.items.values()) {
    if (item.seq <= reader.stream.seq) assert.deepEqual(reader.store.get(item.id), item);
  }
}

/** @param {number} seed */
function broadcast(seed) {
  const roll = dice(seed);
  const event = new Event();
  for (let early = roll.below(20); early > 0; early--) event.operate(roll);
  const reader = new Reader(event);
  const cached = [];
  let sent = event.head;
  let line = [];
  for (let step = 0; step < STEPS; step++) {
    for (let burst = roll.below(3); burst >= 0; burst--) event.operate(roll);
    const frame = event.frame(sent);
    sent = event.head;
    const fate = roll.pick(["deliver", "deliver", "deliver", "drop", "double"]);
    if (fate !== "drop") line.push(frame);
    if (fate === "double") line.push(frame);
    if (roll.next() < 0.6) {
      for (const late of roll.shuffled(line)) reader.stream.receive(late);
      line = [];
    }
    cached.push(event.answer(reader.stream.seq, 1 + roll.below(6)));
    if (reader.behind && roll.next() < 0.5) {
      reader.behind = false;
      const stale = cached.filter(({ items }) => !items.length || items[0].seq > reader.stream.seq);
      reader.stream.answered(roll.next() < 0.3 && stale.length ? stale.at(-1) : event.answer(reader.stream.seq, 1 + roll.below(6)));
    }
    assertWhole(reader, event);
  }
  reader.stream.receive({ t: "hb", seq: event.head });
  while (reader.stream.seq < event.head) reader.stream.answered(event.answer(reader.stream.seq, 4));
  assert.deepEqual(new Map(reader.store.entries.map((item) => [item.id, item])), event.items);
  assert.equal(reader.store.pinned?.id, [...event.items.values()].find(({ pinned }) => pinned)?.id);
}

test("frames dropped, doubled and reordered, and stale answers between them, converge", () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    try {
      broadcast(seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});
