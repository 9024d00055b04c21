import assert from "node:assert/strict";
import { test } from "node:test";

import { joinWrappedLines } from "../../static/js/admin/wrapped_lines.js";

const MAIL = `The harbour office says the gate held through the first surge, and that
the second is now expected at 16:05. Crews are laying sandbags along
Sluice Street all the same.

The lower quays stay closed until the water has gone down by at least
half a metre.`;

test("the lines of a mail become its paragraphs", () => {
  assert.deepEqual(joinWrappedLines(MAIL).split(/\n+/), [
    "The harbour office says the gate held through the first surge, and that the second is now expected at 16:05. Crews are laying sandbags along Sluice Street all the same.",
    "The lower quays stay closed until the water has gone down by at least half a metre.",
  ]);
  assert.equal(joinWrappedLines(MAIL.replaceAll("\n", "\r\n")), joinWrappedLines(MAIL));
});

for (const [what, text] of Object.entries({
  "an address": "Harbour Office\n1 Sluice Street\nPort Ellery",
  "two statements": "The gate held through the first surge, says the harbour.\nThe second surge is expected at five past four today.",
  "a list": "- The gate held through the first surge, says the harbour office\n- The second is expected at 16:05, says the weather service\n- Sandbags are being laid along Sluice Street all the same today",
  "a verse": "Full fathom five thy father lies;\nOf his bones are coral made;\nThose are pearls that were his eyes:",
  "long paragraphs": `${"The gate held. ".repeat(12)}\n${"The second surge is expected. ".repeat(8)}`,
  "one line": "The gate held through the first surge, says the harbour office",
  "a greeting": "Dear all,\nthe gate held through the first surge.\nBest regards,\nInes",
})) {
  test(`${what} stays as it is`, () => assert.equal(joinWrappedLines(text), text));
}

test("a signature below a mail stays apart", () => {
  assert.deepEqual(joinWrappedLines(`${MAIL}\n\nBest regards,\nInes`).split(/\n+/).slice(-2), ["Best regards,", "Ines"]);
});
