import assert from "node:assert/strict";
import test from "node:test";
import { PageRenewal } from "../../static/js/live/page_renewal.js";

const TIMING = { base: 0.002, cap: 0.02, spread: 0.002 };
const sheet = (epoch) => ({ answer: [{ dataset: { epoch } }], after: 0 });

/** What a page of epoch "new" gets that is told of another, and how often it asks. */
async function renewed(replies, told, renewal = new PageRenewal(TIMING), stop = new AbortController()) {
  let requests = 0;
  const take = async () => replies[Math.min(requests++, replies.length - 1)];
  const reply = await renewal.run(take, "new", told, stop.signal);
  return { requests, reply };
}

for (const [what, replies, told, attempts, expected] of [
  ["a page of another epoch is taken", [sheet("newer")], "newer", 1, sheet("newer")],
  ["whichever epoch that is", [sheet("newest")], "newer", 1, sheet("newest")],
  ["the copy of a cache is asked for once more", [sheet("new"), sheet("newer")], "newer", 2, sheet("newer")],
  ["told the old epoch by a hub that lags, a page keeps its own", [sheet("new")], "old", 2, { after: 0 }],
  ["told its own epoch, as it was ahead, it takes it anew", [sheet("new")], "new", 1, sheet("new")],
  ["no answer is no look", [{ after: 0 }, sheet("new"), { after: 0 }, sheet("newer")], "newer", 4, sheet("newer")],
  ["what is gone is not asked for again", [{ gone: true, after: 0 }], "newer", 1, { gone: true, after: 0 }],
]) {
  test(what, async () => {
    const { requests, reply } = await renewed(replies, told);
    assert.deepEqual(reply, expected);
    assert.equal(requests, attempts);
  });
}

test("told the same in vain again and again, a page waits longer and longer", async () => {
  const renewal = new PageRenewal({ base: 0.01, cap: 0.08, spread: 0 });
  renewal.backoff.next = longest();
  const took = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const { requests } = await renewed([sheet("new")], "old", renewal);
    assert.equal(requests, 2);
    took.push(performance.now() - start);
  }
  // 10; 20 (the rest after the first round) + 40; 80 + 80 milliseconds
  assert.ok(took[0] >= 9 && took[1] >= 59 && took[2] >= 159, String(took));
});

/** The longest wait instead of a random one. */
function longest() {
  let wait = 0.005;
  return () => (wait = Math.min(0.08, 2 * wait));
}

test("between attempts it is left alone for as long as the server asks", async () => {
  const start = performance.now();
  await renewed([{ after: 0.05 }, sheet("newer")], "newer");
  assert.ok(performance.now() - start >= 49);
});

test("called off, it asks no more", async () => {
  const stop = new AbortController();
  stop.abort();
  const { requests, reply } = await renewed([sheet("newer")], "newer", new PageRenewal(TIMING), stop);
  assert.equal(requests, 0);
  assert.deepEqual(reply, { after: 0 });
});
