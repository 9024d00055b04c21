import assert from "node:assert/strict";
import test from "node:test";
import { dayKey, dayWords, ownWords, zoneName } from "../../static/js/page/own_time.js";

const now = new Date("2031-03-14T09:00:00Z");
const inTokyo = (words, iso, options = {}) => ownWords(words, iso, "en-GB", { timeZone: "Asia/Tokyo", now, ...options });

test("a clock time is that of the reader", () => {
  assert.equal(inTokyo("10:34", "2031-03-13T10:34:00+00:00"), "19:34");
});

test("the day is added where it is another", () => {
  assert.equal(inTokyo("20:34", "2031-03-13T20:34:00+00:00"), "14 March, 05:34");
  assert.equal(inTokyo("20:34", "2031-03-13T20:34:00+00:00", { dayBeside: true }), "05:34");
});

test("a day that was there stays, with the year if it is another", () => {
  assert.equal(inTokyo("13 March, 10:34", "2031-03-13T10:34:00+00:00"), "13 March, 19:34");
  assert.equal(inTokyo("31 December 2030, 20:00", "2030-12-31T12:00:00-08:00"), "1 January, 05:00");
  assert.equal(inTokyo("13 March 2029, 10:34", "2029-03-13T10:34:00+00:00"), "13 March 2029, 19:34");
});

test("a zone that was there is the reader's", () => {
  assert.equal(inTokyo("10:34 GMT", "2031-03-13T10:34:00+00:00"), "19:34 GMT+9");
  assert.equal(zoneName(now, "Europe/Berlin"), "CET");
});

test("a text without a clock stays", () => {
  assert.equal(inTokyo("13 March", "2031-03-13T10:34:00+00:00"), "13 March");
});

test("digits are Latin in every language", () => {
  assert.equal(dayWords(new Date("2031-03-13T12:00Z"), "ar", "UTC", now), "13 مارس");
  assert.equal(dayKey(new Date("2031-03-13T23:30:00Z"), "Asia/Tokyo"), "2031-03-14");
});

test("an hour that comes twice keeps its own moment", () => {
  const berlin = (iso) => ownWords("01:30", iso, "en-GB", { timeZone: "Europe/Berlin", now: new Date("2031-10-26T09:00Z") });
  assert.equal(berlin("2031-10-26T00:30:00+00:00"), "02:30");
  assert.equal(berlin("2031-10-26T01:30:00+00:00"), "02:30");
});
