import assert from "node:assert/strict";
import test from "node:test";
import { formatTime } from "../../static/js/page/event_time.js";

const now = Date.parse("2031-03-13T14:00:00Z");

for (const [at, zone, expected] of [
  ["2031-03-13T12:42:00Z", "UTC", "12:42"],
  ["2031-03-10T12:42:00Z", "UTC", "Mar 10, 12:42"],
  ["2031-03-12T23:30:00Z", "Europe/Berlin", "00:30"],
  ["2031-03-12T18:30:00Z", "Mars/Olympus", "00:15"], // the offset of the server's clock
  ["2031-03-12T22:30:00Z", "Europe/Berlin", "Mar 12, 23:30"],
]) {
  test(`a visit at ${at} is called ${expected} in ${zone}`, () => {
    assert.equal(formatTime(Date.parse(at), { timeZone: zone, now: "2031-03-13T19:45:00+05:45" }, now), expected);
  });
}
