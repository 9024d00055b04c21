import assert from "node:assert/strict";
import test from "node:test";
import { asFormData, asText, hasWords, isBlank, blankCopy, plain, same, titleOf } from "../../static/js/admin/composition.js";

const of = (headline, ...blocks) => ({
  fields: { headline: [headline], bylines: ["3", ""], key: ["k"], is_key: [] },
  blocks,
  kinds: ["text", "photo", "quote"],
});
const text = (html) => ({ kind: "text", values: { html: [html] } });
const quote = (words, who) => ({ kind: "quote", values: { text: [words], attribution: [who] } });

test("blocks of one kind are numbered by themselves, and placed in the order of the page", () => {
  const data = asFormData(of("Gate", quote("It holds", "Sollow"), text("<p>a</p>"), text("<p>b</p>")), { name: "_publish", value: "1" });
  const sent = [...data].filter(([name]) => /ordering|TOTAL/.test(name));
  assert.deepEqual(sent, [
    ["quote-0-ordering", "10"], ["text-0-ordering", "20"], ["text-1-ordering", "30"],
    ["text-TOTAL_FORMS", "2"], ["photo-TOTAL_FORMS", "0"], ["quote-TOTAL_FORMS", "1"],
  ]);
  assert.deepEqual(data.getAll("bylines"), ["3", ""]);
  assert.equal(data.has("is_key"), false);
});

test("the number of a save is sent, and is no part of what was written", () => {
  const button = { name: "_draft", value: "1" };
  assert.deepEqual(asFormData(of("Gate"), button, 7).getAll("number"), ["7"]);
  assert.equal(asFormData(of("Gate"), button).has("number"), false);
});

test("empty blocks, the key and the version make no difference; words and a waiting photo do", () => {
  const waiting = { kind: "photo", values: { image: [""] }, uploads: { image: "u" } };
  const rekeyed = of("Gate", text("<p>a</p>"), text(""));
  rekeyed.fields.key = ["other"];
  assert.ok(same(of("Gate", text("<p>a</p>")), rekeyed));
  assert.ok(!same(of("Gate", text("<p>a</p>")), of("Gate", text("<p>b</p>"))));
  assert.ok(!same(of("Gate"), of("Gate", waiting)));
  assert.deepEqual([isBlank(text("<p> </p>")), isBlank(waiting), hasWords(of("", waiting)), hasWords(of("Gate"))], [true, false, false, true]);
});

test("an update is called by its headline or first words, and copied as plain text", () => {
  const one = of("", text("<p>Fish &amp; chips</p><p>Two</p>"), quote("Yes", "Sollow"));
  assert.equal(titleOf(one), "Fish & chips\nTwo");
  assert.equal(asText(one), "Fish & chips\nTwo\n\nYes\nSollow");
  assert.equal(titleOf(of("x".repeat(100))).length, 81);
  assert.equal(titleOf(of(`${"y".repeat(79)}👨‍👩‍👧‍👦 home`)), `${"y".repeat(79)}…`); // never half a character
  assert.equal(titleOf(of("🚨".repeat(80))), "🚨".repeat(80));
  assert.equal(plain("<p>1 &lt; 2</p>"), "1 < 2");
});

test("the next update starts with the empty blocks of the first and a key of its own", () => {
  const next = blankCopy(of("", text(""), text("")), "new");
  assert.deepEqual([next.blocks.length, next.fields.key, next.fields.bylines], [1, ["new"], ["3", ""]]);
});
