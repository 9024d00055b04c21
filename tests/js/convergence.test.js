import assert from "node:assert/strict";
import test from "node:test";
import { Store, Stream } from "../../static/js/live/sequence.js";
import { Event, dice } from "./newsroom.js";

const RUNS = 300;
const STEPS = 60;

/** A page that opened at some moment. */
class Reader {
  store = new Store();
  states = new Map();
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
    assert.ok(item.seq > (this.states.get(item.id)?.seq ?? 0), "an older state was shown after a newer one");
    this.states.set(item.id, item);
  }
}

/** Whoever is at number N has everything up to N. */
function assertWhole(reader, event) {
  for (const item of event.items.values()) {
    if (item.seq <= reader.stream.seq) assert.deepEqual(reader.store.get(item.id), item);
  }
}

/** Drops and doubles what it is given, and hands it over late and in any order. */
class Line {
  #late = [];
  #cached = [];

  constructor(roll, reader) {
    this.roll = roll;
    this.reader = reader;
  }

  carry(frame) {
    const times = this.roll.pick([1, 1, 1, 0, 2]);
    for (let time = 0; time < times; time++) this.#late.push(frame);
    if (this.roll.next() < 0.4) return;
    for (const late of this.roll.shuffled(this.#late)) this.reader.stream.receive(late);
    this.#late = [];
  }

  /** Sometimes from a cache: what an earlier question after the same number was answered. */
  catchUp(event) {
    const { seq } = this.reader.stream;
    const answer = event.answer(seq, 1 + this.roll.below(6));
    this.#cached.push({ seq, answer });
    if (!this.reader.behind || this.roll.next() < 0.5) return;
    this.reader.behind = false;
    const old = this.#cached.filter((question) => question.seq === seq);
    this.reader.stream.receiveAnswer(this.roll.next() < 0.3 ? this.roll.pick(old).answer : answer);
  }
}

/** @param {number} seed */
function broadcast(seed) {
  const roll = dice(seed);
  const event = new Event();
  for (let early = roll.below(20); early > 0; early--) event.operate(roll);
  const reader = new Reader(event);
  const line = new Line(roll, reader);
  for (let step = 0; step < STEPS; step++) {
    const prev = event.head;
    for (let burst = roll.below(3); burst >= 0; burst--) event.operate(roll);
    line.carry(event.frame(prev));
    line.catchUp(event);
    assertWhole(reader, event);
  }
  reader.stream.receive({ t: "hb", seq: event.head });
  while (reader.stream.seq < event.head) reader.stream.receiveAnswer(event.answer(reader.stream.seq, 4));
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
