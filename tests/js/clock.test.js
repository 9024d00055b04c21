import assert from "node:assert/strict";
import test from "node:test";
import { age, ahead, elsewhere, remaining } from "../../static/js/page/clock.js";

const MINUTE = 60_000;

for (const [what, passed, expected] of [
  ["the future is now", -5 * MINUTE, [0, "minute"]],
  ["less than a minute is now", MINUTE - 1, [0, "minute"]],
  ["minutes are rounded down", 2 * MINUTE - 1, [1, "minute"]],
  ["the last minute of the hour", 60 * MINUTE - 1, [59, "minute"]],
  ["hours are rounded down", 119 * MINUTE, [1, "hour"]],
  ["the last hour of the day", 24 * 60 * MINUTE - 1, [23, "hour"]],
  ["after a day the date alone stands", 24 * 60 * MINUTE, null],
]) {
  test(what, () => assert.deepEqual(age(passed), expected));
}

test("a device behind the server is corrected", () => {
  assert.equal(ahead(10 * MINUTE, 4 * MINUTE, false), 6 * MINUTE);
});

test("a device far ahead of the server is corrected by a page that came in full", () => {
  assert.equal(ahead(4 * MINUTE, 10 * MINUTE, true), -6 * MINUTE);
});

test("a page that the server kept for a minute corrects nothing", () => {
  assert.equal(ahead(9 * MINUTE, 10 * MINUTE, true), 0);
});

test("a page from a cache, written long ago, corrects nothing", () => {
  assert.equal(ahead(4 * MINUTE, 600 * MINUTE, false), 0);
});

test("a moment is told in the reader's zone only where that is another one", () => {
  process.env.TZ = "Asia/Tokyo";
  assert.equal(elsewhere("2031-03-13T12:04:00+00:00", "en-GB"), "13 Mar 2031, 21:04");
  assert.equal(elsewhere("2031-03-13T23:04:00+00:00", "en-GB"), "14 Mar 2031, 08:04");
  assert.equal(elsewhere("2031-03-13T21:04:00+09:00", "en-GB"), "");
  assert.equal(elsewhere("", "en-GB"), "");
});

for (const [what, left, expected] of [
  ["two largest units", ((26 * 60 + 5) * 60 + 1) * 1000, [[1, "day"], [2, "hour"]]],
  ["hours and minutes, rounded up", 90 * MINUTE - 1, [[1, "hour"], [30, "minute"]]],
  ["a full hour", 60 * MINUTE, [[1, "hour"]]],
  ["the last seconds are a minute", 5, [[1, "minute"]]],
  ["the start", 0, []],
  ["late", -MINUTE, []],
  ["no time", NaN, []],
]) {
  test(`remaining: ${what}`, () => assert.deepEqual(remaining(left), expected));
}
