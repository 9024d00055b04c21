import assert from "node:assert/strict";
import { test } from "node:test";

import { merged } from "../../static/js/admin/composition_merge.js";

const text = (/** @type {string[]} */ ...paragraphs) => ({ kind: "text", values: { html: [paragraphs.map((words) => `<p>${words}</p>`).join("")] } });
const quote = (/** @type {string} */ words) => ({ kind: "quote", values: { attribution: ["Ines"], text: [words] } });
const written = (/** @type {string} */ headline, /** @type {any[]} */ ...blocks) => ({ fields: { headline: [headline], key: ["k"] }, blocks, kinds: ["text", "quote"] });

const cases = {
  "what only they changed is taken": [written("A", text("one", "two")), written("A", text("one", "two")), written("B", text("one", "2")), written("B", text("one", "2"))],
  "what only I changed stays": [written("A", text("one")), written("B", text("1")), written("A", text("one")), written("B", text("1"))],
  "paragraphs of both": [written("A", text("one", "two", "three")), written("A", text("1", "two", "three")), written("A", text("one", "two", "3", "four")), written("A", text("1", "two", "3", "four"))],
  "neighbouring paragraphs": [written("A", text("one", "two")), written("A", text("1", "two")), written("A", text("one", "2")), written("A", text("1", "2"))],
  "the same paragraph changed by both stands twice, mine first": [written("A", text("one")), written("A", text("mine")), written("A", text("IMPORTANT LEGAL EDIT.")), written("A", text("mine", "IMPORTANT LEGAL EDIT."))],
  "a headline changed by both is mine": [written("A"), written("mine"), written("theirs"), written("mine")],
  "blocks that either added": [written("A", text("one")), written("A", quote("mine"), text("one")), written("A", text("one"), quote("theirs")), written("A", quote("mine"), text("one"), quote("theirs"))],
  "a block that they deleted goes, unless I changed it": [written("A", text("one"), quote("old")), written("A", text("one"), quote("old")), written("A", text("one")), written("A", text("one"))],
  "both changed a quote": [written("A", quote("old")), written("A", quote("mine")), written("A", quote("theirs")), written("A", quote("mine"), quote("theirs"))],
  "the same change of both stands once": [written("A", text("one")), written("A", text("1")), written("A", text("1")), written("A", text("1"))],
};
for (const [name, [base, mine, theirs, result]] of Object.entries(cases)) {
  test(name, () => assert.deepEqual(merged(base, mine, theirs), result));
}

test("the order of the values and empty blocks make no difference", () => {
  const turned = { kind: "quote", values: { text: ["old"], attribution: ["Ines"] }, uploads: {} };
  const mine = written("A", turned, text(""));
  assert.deepEqual(merged(written("A", quote("old")), mine, written("A", quote("theirs"))).blocks, [quote("theirs")]);
});
