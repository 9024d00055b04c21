import assert from "node:assert/strict";
import test from "node:test";
import { stateOf } from "../../static/js/page/status_line.js";

for (const [contact, status, paused, expected] of [
  [undefined, "live", false, "event"],
  ["live", "live", false, "live"],
  ["polling", "live", false, "polling"],
  ["live", "live", true, "paused"],
  ["waiting", "live", true, "retry"],
  ["offline", "live", false, "off"],
  ["gone", "live", true, "gone"],
  ["offline", "ended", false, "off"],
  ["live", "upcoming", false, "event"],
  ["resting", "ended", false, "event"],
  ["resting", "ended", true, "event"],
  ["live", "postponed", false, "event"],
]) {
  test(`${contact ?? "not connected yet"}, event ${status}${paused ? ", paused" : ""}: shows ${expected}`, () => {
    assert.equal(stateOf(contact, status, paused), expected);
  });
}
