import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { Backoff, around, between, retryAfter, timing, wait } from "../../static/js/live/backoff.js";

const high = () => 0.999999;

test("the bound doubles up to the cap", () => {
  const backoff = new Backoff({ base: 1, cap: 60 }, high);
  const waits = Array.from({ length: 8 }, () => Math.round(backoff.next()));
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
});

test("any moment up to the bound is as likely, so that readers spread", () => {
  const waits = Array.from({ length: 1000 }, () => {
    const backoff = new Backoff({ base: 1, cap: 60 });
    return [1, 2, 3, 4, 5].map(() => backoff.next()).at(-1);
  });
  assert.ok(Math.min(...waits) < 1 && Math.max(...waits) > 15 && Math.max(...waits) < 16);
  const half = waits.filter((seconds) => seconds < 8).length;
  assert.ok(half > 420 && half < 580, `${half} of 1000 in the first half`);
});

test("after a reset it starts at the base again", () => {
  const backoff = new Backoff({ base: 1, cap: 60 }, high);
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(Math.round(backoff.next()), 1);
});

test("windows and jitter", () => {
  assert.equal(between(2, 4, () => 0.5), 3);
  assert.equal(around(10, () => 0), 7);
  assert.equal(Math.round(around(10, high)), 13);
});

test("Retry-After comes as seconds, as a date, or not at all", () => {
  const now = Date.parse("2031-03-13T14:00:00Z");
  assert.equal(retryAfter("7", now), 7);
  assert.equal(retryAfter("Thu, 13 Mar 2031 14:00:30 GMT", now), 30);
  assert.equal(retryAfter("Thu, 13 Mar 2031 13:00:00 GMT", now), 0);
  assert.equal(retryAfter(null, now), 0);
  assert.equal(retryAfter("soon", now), 0);
});

test("production waits, and those that tests shorten", () => {
  const usual = timing({ hiddenClose: "45.0", backoffBase: "1.0", poll: "10.0" });
  assert.deepEqual([usual.base, usual.cap, usual.poll, usual.hidden, usual.saving], [1, 60, 10, 30, 60]);
  assert.equal(usual.hiddenClose, 45);
  assert.equal(usual.full, 300);
  const short = timing({ hiddenClose: "2", backoffBase: "0.1", poll: "0.5" });
  assert.deepEqual([short.hiddenClose, short.base, short.cap, short.poll, short.full], [2, 0.1, 6, 0.5, 15]);
});

test("a wait passes, or is called off", async () => {
  const stop = new AbortController();
  assert.equal(await wait(0, stop.signal), true);
  const long = wait(60, stop.signal);
  stop.abort();
  assert.equal(await long, false);
  assert.equal(await wait(0, stop.signal), false);
});

test("a wait for weeks does not pass at once", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  assert.equal(await wait(1e7, stop.signal), false);
});

test("a wait leaves no listener behind", async () => {
  const stop = new AbortController();
  await wait(0, stop.signal);
  assert.equal(getEventListeners(stop.signal, "abort").length, 0);
  const long = wait(60, stop.signal);
  stop.abort();
  await long;
  assert.equal(getEventListeners(stop.signal, "abort").length, 0);
});
