import assert from "node:assert/strict";
import test from "node:test";
import { Pending } from "../../static/js/page/pending.js";

const words = { plural: (key, n) => `${n} ${key}` };

/** The page's one voice. */
function pendingWith(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const voice = { textContent: "" };
  const root = { querySelector: (selector) => (selector === "[data-announce]" ? voice : null) };
  return { pending: new Pending(root, words, () => {}, ""), voice };
}

test("what arrives within 20 seconds of an announcement is said together after them", (t) => {
  const { pending, voice } = pendingWith(t);
  pending.announce(3);
  assert.equal(voice.textContent, "3 new_updates");
  pending.announce(1);
  pending.announce(4);
  t.mock.timers.tick(19_999);
  assert.equal(voice.textContent, "3 new_updates");
  t.mock.timers.tick(1);
  assert.equal(voice.textContent, "5 new_updates");
  t.mock.timers.tick(20_000);
  assert.equal(voice.textContent, "");
});

test("a page that is left says nothing more", (t) => {
  const { pending, voice } = pendingWith(t);
  pending.announce(1);
  pending.announce(1);
  pending.disconnect();
  t.mock.timers.tick(60_000);
  assert.equal(voice.textContent, "");
});
