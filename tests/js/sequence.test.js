import assert from "node:assert/strict";
import test from "node:test";
import { Store, Stream, judge } from "../../static/js/live/sequence.js";

const put = (id, seq, more = {}) => ({ op: "put", id, seq, order: seq, pinned: false, key: false, html: "", ...more });
const del = (id, seq) => ({ op: "del", id, seq, kind: "remove" });

test("a frame that brings nothing new is skipped", () => {
  assert.equal(judge(7, { prev: 5, seq: 6 }), "skip");
  assert.equal(judge(7, { prev: 6, seq: 7 }), "skip");
});

test("a frame that follows, or overlaps what is here, is applied", () => {
  assert.equal(judge(7, { prev: 7, seq: 8 }), "apply");
  assert.equal(judge(7, { prev: 4, seq: 9 }), "apply");
});

test("a frame that begins later shows a gap", () => {
  assert.equal(judge(7, { prev: 8, seq: 9 }), "gap");
});

test("only a newer state of an id is news", () => {
  const store = new Store();
  assert.equal(store.take(put("a", 3)), true);
  assert.equal(store.take(put("a", 3)), false);
  assert.equal(store.take(put("a", 2)), false);
  assert.equal(store.take(del("a", 4)), true);
});

test("a removal stays known, so that a late older state does not bring the entry back", () => {
  const store = new Store();
  store.take(del("a", 5));
  assert.equal(store.take(put("a", 4)), false);
  assert.equal(store.get("a").op, "del");
});

test("two pins in the wrong order leave the newest", () => {
  const store = new Store();
  store.take(put("b", 8, { pinned: true }));
  store.take(put("a", 5, { pinned: true }));
  assert.equal(store.pinned.id, "b");
  store.take(put("b", 9));
  store.take(put("a", 7));
  assert.equal(store.pinned, undefined);
});

/** A stream at 5 of epoch "e", and what it says to the page. */
function stream() {
  const messages = [];
  const outlets = {
    deliver: (items, count, at) => messages.push(["deliver", items.map(({ id }) => id), count, at]),
    behind: (told) => messages.push(["behind", told]),
    renew: (epoch) => messages.push(["renew", epoch]),
    audience: (told) => messages.push(["room", told.readers, told.writing]),
    confirm: ({ ask }) => messages.push(["asked", ask]),
  };
  return { stream: new Stream("e", 5, outlets), messages };
}

const SYNC = { t: "sync", epoch: "e", items: [], hb: 25, status: "live", more: false, count: 1 };
const OPS = { t: "ops", items: [put("a", 6)], count: 2 };
const ANSWER = { epoch: "e", items: [], more: false, count: 1, status: "live" };

for (const [what, frame, position, expected] of [
  ["sync takes the head", { ...SYNC, head: 8 }, 8, [["deliver", [], 1, 8]]],
  ["sync of a lagging process moves nothing back", { ...SYNC, head: 3 }, 5, [["deliver", [], 1, 3]]],
  ["sync with more asks for it", { ...SYNC, head: 8, more: true }, 5, [["deliver", [], 1, 8], ["behind", 8]]],
  ["sync of another epoch renews the page", { ...SYNC, head: 8, epoch: "f" }, 5, [["renew", "f"]]],
  ["the next ops are applied", { ...OPS, prev: 5, seq: 6 }, 6, [["deliver", ["a"], 2, 6]]],
  ["old ops are skipped", { ...OPS, prev: 4, seq: 5 }, 5, []],
  ["ops after a gap are applied", { ...OPS, prev: 6, seq: 7 }, 5, [["deliver", ["a"], 2, 7], ["behind", 7]]],
  ["ops may ask", { ...OPS, prev: 5, seq: 6, ask: "t" }, 6, [["deliver", ["a"], 2, 6], ["asked", "t"]]],
  ["a heartbeat at the same number is quiet", { t: "hb", seq: 5 }, 5, []],
  ["a heartbeat ahead asks behind", { t: "hb", seq: 6 }, 5, [["behind", 6]]],
  ["a heartbeat may say how many are reading", { t: "hb", seq: 5, readers: 1200 }, 5, [["room", 1200, undefined]]],
  ["or that somebody is writing", { t: "hb", seq: 5, writing: true }, 5, [["room", undefined, true]]],
  ["a sync, too", { ...SYNC, head: 5, readers: 0 }, 5, [["deliver", [], 1, 5], ["room", 0, undefined]]],
  ["reset renews the page", { t: "reset", epoch: "f", why: "restored" }, 5, [["renew", "f"]]],
  ["a frame of a later version is ignored", { t: "poem", seq: 9 }, 5, []],
]) {
  test(what, () => {
    const { stream: under, messages } = stream();
    under.receive(frame);
    assert.deepEqual(messages, expected);
    assert.equal(under.seq, position);
  });
}

for (const [what, answer, position, expected] of [
  ["an answer takes the head", { ...ANSWER, head: 9, upto: 9 }, 9, [["deliver", [], 1, 9]]],
  ["a part of an answer goes as far", { ...ANSWER, head: 9, upto: 7, more: true }, 7, [["deliver", [], 1, 9]]],
  ["a stale answer moves nothing back", { ...ANSWER, head: 4, upto: 4 }, 5, [["deliver", [], 1, 4]]],
  ["an answer of another epoch renews the page", { epoch: "f", head: 1, reset: true }, 5, [["renew", "f"]]],
]) {
  test(what, () => {
    const { stream: under, messages } = stream();
    under.receiveAnswer(answer);
    assert.deepEqual(messages, expected);
    assert.equal(under.seq, position);
  });
}

for (const frame of [{ t: "hb", seq: 5 }, { t: "ops", prev: 5, seq: 6, items: [], count: 1 }]) {
  test(`${frame.t} of another epoch renews the page, whatever its number`, () => {
    const { stream: page, messages } = stream();
    page.receive({ ...frame, epoch: "f" });
    assert.deepEqual(messages, [["renew", "f"]]);
    assert.equal(page.seq, 5);
  });

  test(`${frame.t} of the same epoch is an ordinary one`, () => {
    const { stream: page, messages } = stream();
    page.receive({ ...frame, epoch: "e" });
    assert.ok(messages.every(([what]) => what === "deliver"));
    assert.equal(page.seq, frame.seq);
  });
}
