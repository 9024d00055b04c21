import assert from "node:assert/strict";
import test from "node:test";
import { afterClose } from "../../static/js/live/connection.js";

const backoff = { next: () => 2 };
const timing = { full: 300, settled: 10 };
const middle = () => 0.5;
const bye = (mode, retry) => ({ t: "bye", why: "", mode, retry });

for (const [what, close, failures, expected] of [
  ["a cut comes back after the backoff", { code: 1006 }, 0, { socket: 2, poll: false }],
  ["a cut during the first attempt too", { code: 1006 }, 1, { socket: 2, poll: false }],
  ["a socket that lived comes back with all the others", { code: 1006, lived: 60, spread: 20 }, 0, { socket: 10, poll: false }],
  ["one that lived shortly waits for the longer of both", { code: 1006, lived: 1, spread: 1 }, 0, { socket: 2, poll: false }],
  ["… which may be the others", { code: 1006, lived: 1, spread: 20 }, 0, { socket: 10, poll: false }],
  ["an older server names no time", { code: 1006, lived: 60, spread: 0 }, 0, { socket: 2, poll: false }],
  ["two attempts in vain: poll meanwhile", { code: 1006 }, 2, { socket: 2, poll: true }],
  ["a drain comes back when it is told to", { code: 4001, bye: bye("ws", [4, 8]) }, 0, { socket: 6, poll: false }],
  ["too slow: after the backoff", { code: 4008 }, 0, { socket: 2, poll: false }],
  ["full: poll, and try again after five minutes", { code: 4013 }, 1, { socket: 300, poll: true }],
  ["full, with a time of its own", { code: 4013, bye: bye("poll", [60, 120]) }, 1, { socket: 90, poll: true }],
  ["a bad request does not come back", { code: 4400 }, 1, { socket: null, poll: false }],
  ["a bad request may still poll", { code: 4400, bye: bye("poll", [60, 120]) }, 1, { socket: null, poll: true }],
  ["no such event does not come back", { code: 4404 }, 1, { socket: null, poll: false }],
  ["an ended event rests", { code: 4410, bye: bye("poll", [60, 300]) }, 0, { socket: null, rest: true }],
  ["codes to come count as final from 4400 on", { code: 4999 }, 0, { socket: null, poll: false }],
]) {
  test(what, () => {
    assert.deepEqual(afterClose({ lived: 0, spread: 0, ...close }, failures, backoff, timing, middle), expected);
  });
}

test("a thousand readers that are cut off together come back over twenty seconds", () => {
  const close = { code: 1006, lived: 60, spread: 20 };
  const waits = Array.from({ length: 1000 }, () => Number(afterClose(close, 0, backoff, timing).socket));
  const perSecond = Array.from({ length: 20 }, (_, n) => waits.filter((seconds) => Math.floor(seconds) === n).length);
  assert.ok(Math.max(...waits) > 19 && Math.max(...waits) < 20);
  assert.ok(Math.max(...perSecond) < 90, `${perSecond}`);
});
