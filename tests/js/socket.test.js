import assert from "node:assert/strict";
import test from "node:test";
import { Socket } from "../../static/js/live/socket.js";

/** A socket of the browser, which passes on what the test wants it to have received. */
class BrowserSocket {
  constructor() {
    BrowserSocket.last = this;
  }

  receive(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  close() {}
}

/** @returns what the connection learns of a socket that received these frames and was closed with a code */
function closeAfter(frames, code) {
  globalThis.WebSocket = BrowserSocket;
  const closes = [];
  const received = [];
  new Socket("ws://test/", (frame) => received.push(frame.t), (close) => closes.push(close));
  const browser = BrowserSocket.last;
  const { onclose } = browser;
  for (const frame of frames) browser.receive(frame);
  onclose({ code });
  assert.deepEqual(received, frames.map(({ t }) => t));
  return closes[0];
}

const OPS = { t: "ops", prev: 4, seq: 5, items: [], count: 1 };
const TERMS = { epoch: "e", hb: 25, spread: 7 };
const BYE = { t: "bye", why: "ended", mode: "poll", retry: [60, 300] };

for (const first of [{ t: "sync", head: 5, items: [], ...TERMS }, { ...OPS, ...TERMS }, { t: "hb", seq: 5, ...TERMS }]) {
  test(`${first.t} with the terms of the connection is a first frame`, () => {
    const { lived, spread } = closeAfter([first], 1006);
    assert.ok(lived > 0);
    assert.equal(spread, 7);
  });
}

test("later frames need no terms and change only what they name", () => {
  const { lived, spread } = closeAfter([{ ...OPS, ...TERMS }, OPS, { t: "hb", seq: 6, spread: 9 }, OPS], 1006);
  assert.ok(lived > 0);
  assert.equal(spread, 9);
});

test("a socket that received nothing has not lived", () => {
  assert.deepEqual(closeAfter([], 1006), { code: 1006, bye: undefined, lived: 0, spread: 0 });
});

test("a farewell that names a code replaces the one of a server that cannot choose it", () => {
  assert.equal(closeAfter([{ ...OPS, ...TERMS }, { ...BYE, code: 4410 }], 1001).code, 4410);
  assert.equal(closeAfter([{ ...OPS, ...TERMS }, BYE], 4410).code, 4410);
});
