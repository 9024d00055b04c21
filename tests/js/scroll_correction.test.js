import assert from "node:assert/strict";
import test from "node:test";
import { correction } from "../../static/js/page/scroll_correction.js";

const VIEW = { line: 52, height: 844, scrolled: 1000 };

/** A page of blocks that stand below each other. @param {[string, string, number][]} blocks key, part, height */
function page(blocks, top) {
  return blocks.map(([key, part, height]) => {
    const block = { key, part, top, bottom: top + height };
    top += height;
    return block;
  });
}

const places = (blocks) => new Map(blocks.map((block) => [block.key, block]));
const insertAt = (blocks, at, block) => [...blocks.slice(0, at), block, ...blocks.slice(at)];
const ENTRY = [["a1", "a", 200], ["a2", "a", 200], ["a3", "a", 400], ["b1", "b", 100], ["b2", "b", 300]];

for (const [what, change, moved, view = {}] of [
  ["nothing happened", (blocks) => blocks, 0],
  ["an entry comes above", (blocks) => [["new", "new", 738], ...blocks], 738],
  ["an entry comes below", (blocks) => [...blocks, ["new", "new", 738]], 0],
  ["what is above gets shorter", (blocks) => blocks.map((block) => (block[0] === "a1" ? ["a1", "a", 50] : block)), -150],
  ["the entry that is read grows at its end", (blocks) => insertAt(blocks, 3, ["a4", "a", 304]), 0],
  ["the entry that is read grows at its start", (blocks) => [["a0", "a", 304], ...blocks], 304],
  ["the block under the eye goes, and the next one moves up", (blocks) => blocks.filter(([key]) => key !== "a2"), -200],
  ["the whole entry goes", (blocks) => blocks.slice(3), -800],
  ["the page rests on its top", (blocks) => [["new", "new", 738], ...blocks], 0, { scrolled: 0 }],
  ["the block under the eye grows, its start out of sight and its end in the upper half", (blocks) => blocks.map((block) => (block[0] === "a2" ? ["a2", "a", 260] : block)), 60],
  ["the block under the eye grows below its start", (blocks) => blocks.map((block) => (block[0] === "a2" ? ["a2", "a", 260] : block)), 0, { line: 0 }],
]) {
  test(what, () => {
    const after = page(change(ENTRY), -180);
    assert.equal(correction(page(ENTRY, -180), places(after), { ...VIEW, ...view }), moved);
  });
}

test("a block that fills the window and grows keeps its start, though a neighbour is in view", () => {
  const blocks = [["a1", "a", 1200], ["b1", "b", 100]];
  const grown = [["a1", "a", 1500], ["b1", "b", 100]];
  assert.equal(correction(page(blocks, -400), places(page(grown, -400)), VIEW), 0);
});

test("what the same change has moved to elsewhere does not take the page with it", () => {
  const blocks = [["a1", "a", 300], ["b1", "b", 100], ["c1", "c", 300], ["d1", "d", 300], ["e1", "e", 300]];
  const [, b, c, d, e] = blocks;
  for (const [order, moved] of [[[c, d, e, b], -400], [[["new", "new", 3000], c, d, e, b], 2600], [[b, c, d, e], -300]]) {
    assert.equal(correction(page(blocks, -180), places(page(order, -180)), VIEW), moved);
  }
});

test("the block under the eye itself is followed to wherever it goes", () => {
  const moved = [...ENTRY.slice(3), ...ENTRY.slice(0, 3)];
  assert.equal(correction(page(ENTRY, -180), places(page(moved, -180)), VIEW), 400);
});

test("where all that is left in view has moved to elsewhere, the place of a removed entry stays", () => {
  const before = page([["a1", "a", 700], ["b1", "b", 547], ["c1", "c", 449], ["d1", "d", 500]], -112); // c is out of view
  const place = { key: "a", part: "a", top: -112, bottom: 588 };
  const after = new Map([["b1", { top: 3694, bottom: 4241 }], ["c1", { top: 588, bottom: 1037 }], ["d1", { top: 1037, bottom: 1537 }], ["a", place]]);
  assert.equal(correction([...before, place], after, VIEW), 0);
});

test("an entry of which only the start is in view, low in the window, does not take the page with it", () => {
  const place = { key: "gone", part: "gone", top: -112, bottom: 588 };
  const before = [...page([["b1", "b", 547], ["c1", "c", 449], ["d1", "d", 500]], 588), place];
  const after = new Map([["b1", { top: 1537, bottom: 2084 }], ["c1", { top: 588, bottom: 1037 }], ["d1", { top: 1037, bottom: 1537 }], ["gone", place]]);
  assert.equal(correction(before, after, VIEW), 0);
});

test("with nothing left in the window nothing is corrected", () => {
  assert.equal(correction(page(ENTRY, -180), new Map(), VIEW), 0);
  assert.equal(correction([], places(page(ENTRY, -180)), VIEW), 0);
});

/** Numbers from 0 to below 1, the same ones for the same seed. @param {number} seed */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A page as a reader has it, and everything that may change on it. Blocks that come and go by themselves are on it, but
 * never anchors, as on the real page. */
class Session {
  constructor(seed) {
    this.roll = dice(seed);
    this.number = 0;
    this.scrolled = 0;
    /** Entries that the change in progress has put elsewhere. @type {Set<string>} */
    this.moved = new Set();
    this.blocks = [this.block("banner", 56), this.block("line", 52), this.block("head", 240), this.block("box", 300)];
    for (let n = 0; n < 12; n++) this.blocks.push(...this.entry());
  }

  block(part, height = 20 + Math.floor(this.roll() * 400), fleeting = false) {
    return { key: ++this.number, part, height, fleeting };
  }

  entry() {
    const part = `entry ${++this.number}`;
    return Array.from({ length: 1 + Math.floor(this.roll() * 5) }, () => this.block(part));
  }

  pick(list) {
    return list[Math.floor(this.roll() * list.length)];
  }

  /** Index of the first block of some entry. */
  start() {
    const starts = this.blocks.flatMap(({ part }, at, all) => (at > 3 && part !== all[at - 1].part ? [at] : []));
    return this.pick([...starts, this.blocks.length]);
  }

  placed() {
    let top = -this.scrolled;
    return this.blocks.map((block) => ({ ...block, top, bottom: (top += block.height) }));
  }

  insert() {
    this.blocks.splice(this.start(), 0, ...this.entry());
  }

  edit() {
    const block = this.pick(this.blocks.slice(2));
    if (block) block.height = 20 + Math.floor(this.roll() * 400);
  }

  grow() {
    const at = 2 + Math.floor(this.roll() * (this.blocks.length - 2));
    this.blocks.splice(at, 0, this.block(this.blocks[at].part));
  }

  move() {
    const { part } = this.pick(this.blocks.slice(4));
    const entry = this.blocks.filter((block) => block.part === part);
    this.blocks = this.blocks.filter((block) => block.part !== part);
    this.blocks.splice(this.start(), 0, ...entry);
    this.moved.add(part);
  }

  remove() {
    const { part } = this.pick(this.blocks.slice(4));
    this.blocks = this.blocks.filter((block) => block.part !== part);
    if (this.blocks.length < 12) for (let n = 0; n < 8; n++) this.blocks.push(...this.entry());
  }

  trace() {
    const at = this.start();
    const height = 600;
    this.blocks.splice(at, 0, this.block(`trace ${this.number}`, height, true));
  }

  tidy() {
    this.blocks = this.blocks.filter(({ fleeting }) => !fleeting);
  }

  advertise() {
    this.blocks.splice(this.start(), 0, this.block("ad", 336, true));
  }

  pin() {
    const pinned = this.blocks.filter(({ part }) => part !== "pin");
    if (pinned.length === this.blocks.length) pinned.splice(4, 0, this.block("pin"), this.block("pin"));
    this.blocks = pinned;
  }

  since() {
    this.blocks = this.blocks.filter(({ part }) => part !== "since");
    this.blocks.splice(this.start(), 0, this.block("since", 56, true));
  }

  fonts() {
    const factor = 0.9 + this.roll() / 5;
    for (const block of this.blocks.slice(2)) block.height *= factor;
  }

  fold() {
    const { part } = this.pick(this.blocks.slice(4));
    for (const block of this.blocks) if (block.part === part) block.height = Math.min(block.height, 72);
  }

  head() {
    this.blocks[2 + Math.floor(this.roll() * 2)].height = 60 + this.roll() * 500;
  }

  scroll() {
    const end = this.blocks.reduce((sum, { height }) => sum + height, 0) - VIEW.height;
    this.scrolled = this.roll() < 0.1 ? 0 : Math.max(0, Math.min(end, this.scrolled + (this.roll() - 0.4) * 2000));
  }
}

const DEEDS = ["insert", "insert", "edit", "grow", "remove", "trace", "tidy", "advertise", "pin", "since", "fonts", "fold", "head", "move"];

test("in any session the block under the eye stays where it is", () => {
  let corrected = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const session = new Session(seed);
    for (let number = 0; number < 40; number++) {
      if (session.roll() < 0.4) session.scroll();
      const { scrolled } = session;
      const line = Math.max(52, 108 - scrolled);
      const before = session.placed().filter(({ fleeting }) => !fleeting);
      session.moved.clear();
      const deeds = Array.from({ length: 1 + Math.floor(session.roll() * 3) }, () => session.pick(DEEDS));
      for (const deed of deeds) session[deed]();
      const after = session.placed();
      const by = correction(before, places(after), { line, height: VIEW.height, scrolled });
      session.scrolled += by;
      corrected += by !== 0;
      if (!scrolled) {
        assert.equal(by, 0, "the page rests on its top");
        continue;
      }
      const now = places(session.placed());
      const [first, ...others] = before.filter(({ top, bottom }) => bottom > line && top < VIEW.height);
      if (!first) continue;
      const stays = ({ key, top, bottom }) => {
        const moved = [now.get(key).top - top, now.get(key).bottom - bottom].map(Math.abs);
        return (top >= line ? moved[0] : Math.min(...moved)) <= 1e-6;
      };
      const left = [first, ...others].filter(({ key }) => now.has(key));
      // Once the first is gone, one that has changed places with a neighbour may stay, or the neighbour.
      const isRead = now.has(first.key) && first.top < (line + VIEW.height) / 2;
      const eyes = isRead ? [first] : [left[0], left.find(({ part }) => !session.moved.has(part))].filter(Boolean);
      assert.ok(!eyes.length || eyes.some(stays), `seed ${seed}, ${number}: ${deeds} moved the text`);
    }
  }
  assert.ok(corrected > 500, `only ${corrected} corrections`);
});

test("when traces and advertisements go, nothing moves", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const session = new Session(seed);
    session.scrolled = 1500;
    session.trace();
    session.advertise();
    const before = session.placed().filter(({ fleeting }) => !fleeting);
    session.tidy();
    session.scrolled += correction(before, places(session.placed()), { ...VIEW, scrolled: session.scrolled });
    const now = places(session.placed());
    const first = before.find(({ bottom, top }) => bottom > VIEW.line && top < VIEW.height);
    if (first) assert.equal(now.get(first.key).top, first.top);
  }
});
