import assert from "node:assert/strict";
import test from "node:test";
import { mayMove, placed, takesSlot } from "../../static/js/page/placement.js";

const PLACE = { view: "first", floor: 100, since: "2031-03-13T14:00:00Z", onPage: false, paused: false, open: true };
const put = { op: "put", id: "a", order: 200, key: false, kind: "publish", at: "2031-03-13T14:05:00Z", html: "…" };
const edit = { ...put, kind: "edit", at: "2031-03-13T09:00:00Z" };
const gone = { op: "del", id: "a" };
const note = { op: "del", id: "a", order: 200, html: "…" };
const low = { ...put, order: 100 };
const onPage = { onPage: true };
const paused = { paused: true };
const closed = { open: false };
const archive = { view: "archive" };

for (const [what, item, place, expected] of [
  ["a new entry goes in where the page may move", put, {}, "insert"],
  ["… and waits where it may not", put, closed, "hold"],
  ["a change to an entry on the page goes in at once", edit, { ...onPage, ...closed }, "update"],
  ["an entry of an older page stays there", low, {}, "drop"],
  ["an entry moved down to an older page leaves", low, onPage, "leave"],
  ["a removed entry goes", gone, { ...onPage, ...closed }, "remove"],
  ["a removed entry that was never here is nothing", gone, {}, "drop"],
  ["a removed entry with a note becomes the note", note, { ...onPage, ...closed }, "update"],
  ["a note whose entry was never here stands in its place", note, closed, "insert"],
  ["a note of an older page stays there", { ...note, order: 50 }, {}, "drop"],
  ["what comes back goes to its old place at once, wherever the reader is", { ...edit, kind: "restore" }, closed, "insert"],
  ["paused, new entries wait", put, { ...paused, ...closed }, "hold"],
  ["paused, changes wait", edit, { ...onPage, ...paused }, "hold"],
  ["paused, removals do not", gone, { ...onPage, ...paused }, "remove"],
  ["paused, removals with a note do not", note, { ...onPage, ...paused }, "update"],
  ["archive: a known entry changes", edit, { ...archive, ...onPage }, "update"],
  ["archive: a known entry moved away stays until the page is loaded again", low, { ...archive, ...onPage }, "update"],
  ["archive: a known entry is removed", gone, { ...archive, ...onPage }, "remove"],
  ["archive: a new entry is counted", put, archive, "hold"],
  ["archive: a new entry that was edited since is counted", { ...edit, at: put.at }, archive, "hold"],
  ["archive: a change on another page is nothing", edit, archive, "drop"],
  ["archive: a note on another page is nothing", note, archive, "drop"],
  ["archive: what was removed from it and comes back goes in", edit, { ...archive, lost: true }, "insert"],
  ["… on the first page also behind the reader's back, since it is no news", edit, { ...closed, lost: true }, "insert"],
  ["… but not while paused", edit, { ...archive, ...paused, lost: true }, "hold"],
  ["key filter: a key event goes in", { ...put, key: true }, { filter: "key" }, "insert"],
  ["key filter: another entry does not", put, { filter: "key" }, "drop"],
  ["key filter: what is no longer one leaves", put, { filter: "key", ...onPage }, "leave"],
  ["key filter: from an archive page, too", put, { filter: "key", view: "archive", ...onPage }, "leave"],
  ["key filter: no news for an archive page", put, { filter: "key", view: "archive" }, "drop"],
]) {
  test(what, () => assert.equal(placed(item, { ...PLACE, ...place }), expected));
}

const STILL = { hidden: false, paused: false, reading: false, calm: false };
const AT_TOP = { ...STILL, scrolled: 0, line: 108, feedTop: 300, feedEnd: 4000, height: 800, upwards: true };
const OLDEST_FIRST = { upwards: false, feedTop: -3000 };

for (const [what, moment, expected] of [
  ["at the top the page may move", {}, true],
  ["scrolled into the feed it may not", { scrolled: 301, line: 52, feedTop: -1 }, false],
  ["scrolled to the newest entry, right below the sticky line, it may not", { scrolled: 232, line: 52, feedTop: 68 }, false],
  ["scrolled by less than the sticky line takes it may", { scrolled: 50, line: 58, feedTop: 250 }, true],
  ["hidden it may not", { hidden: true }, false],
  ["paused it may not", { paused: true }, false],
  ["while text is selected or a film plays it may not", { reading: true }, false],
  ["with less motion wanted it may not", { calm: true }, false],
  ["below the fold nothing moves under the eye", { calm: true, reading: true, feedTop: 800 }, true],
  ["… also where the reader has scrolled", { scrolled: 400, line: 52, feedTop: 800 }, true],
  ["… but paused is paused", { paused: true, feedTop: 900 }, false],
  ["oldest first, at the end of the entries it may move", { ...OLDEST_FIRST, feedEnd: 800 }, true],
  ["oldest first, with entries below the fold it may not", { ...OLDEST_FIRST, feedEnd: 801 }, false],
  ["oldest first, paused it may not", { ...OLDEST_FIRST, feedEnd: 700, paused: true }, false],
  ["oldest first, with less motion wanted it may not", { ...OLDEST_FIRST, feedEnd: 700, calm: true }, false],
]) {
  test(what, () => assert.equal(mayMove({ ...AT_TOP, ...moment }), expected));
}

test("every fourth arrival takes an advertisement, eight at most", () => {
  const taken = Array.from({ length: 12 }, (_, arrived) => takesSlot(arrived + 1, 2, 8));
  assert.deepEqual(taken.flatMap((takes, n) => (takes ? [n + 1] : [])), [4, 8, 12]);
  assert.equal(takesSlot(4, 8, 8), false);
});
