/* Every regular expression of the scripts takes time in proportion to its text: people paste texts of any size. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const SOURCES = "static/js"; // tests run in the project's folder
const LITERAL = /(?<=[=(,:?&|!{;[]\s*|return )\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([gimsuyv]*)/g;
const SIZES = [1_000, 30_000, 100_000];
const NOTHING = 30; // ms of the processor; a pattern that takes longer is measured with a quarter of the text as well
const GROWTH = 8; // a linear pattern takes 4 times as long for the whole text, a quadratic one 16 times

const files = readdirSync(SOURCES, { recursive: true }).filter((name) => String(name).endsWith(".js"));
const patterns = files.flatMap((name) =>
  [...readFileSync(join(SOURCES, String(name)), "utf8").matchAll(LITERAL)].map(([, source, flags]) => ({ name, source, flags })),
);

/** Pieces of plain text of a pattern, and characters that it speaks of. @param {string} source */
function partsOf(source) {
  const plain = source.replace(/\(\?(?:<?[!=:]|<\w+>)|\\[a-zA-Z\d]|\\p\{\w+\}/g, "|");
  const words = plain.split(/[[\](){}|*+?^$\\]+/).filter(Boolean);
  const alternatives = [...source.matchAll(/\w+/g)].map(([word]) => `<${word}`);
  return [...new Set([...words, ...alternatives, ..."a1 \n-/<>\"'=", "<a", ' on', '<a "'])];
}

/** @param {RegExp} pattern @param {string} text */
function took(pattern, text) {
  const start = process.cpuUsage();
  text.replace(pattern, "");
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Whether a pattern's time grows faster than its text. @param {RegExp} pattern @param {string} pump @param {number} size */
function isSlow(pattern, pump, size) {
  const text = (/** @type {number} */ length) => `${pump.repeat(length / pump.length)}\0`;
  const growsTooFast = () => {
    const time = took(pattern, text(size));
    return time > NOTHING && time > GROWTH * took(pattern, text(size / 4));
  };
  return growsTooFast() && growsTooFast(); // twice: the first may have been the collection of garbage
}

/** How the first text begins for which a pattern takes too long. @param {RegExp} pattern */
function slowText(pattern) {
  const parts = partsOf(pattern.source);
  const pumps = [...parts, ...parts.flatMap((one) => parts.map((other) => one + other))];
  for (const size of SIZES) {
    for (const pump of pumps) {
      if (isSlow(pattern, pump, size)) return pump.repeat(20).slice(0, 20);
    }
  }
  return "";
}

test("patterns are found", () => assert.ok(patterns.length > 20, String(patterns.length)));

test("each takes time in proportion to its text", () => {
  const slow = patterns.map((each) => [each, slowText(new RegExp(each.source, each.flags))]).filter(([, text]) => text);
  assert.deepEqual(slow, []);
});

for (const bad of [/<(style|script)\b[^]*?<\/\1\s*>/gi, /<[a-z][^>]*>/gi]) {
  test(`${bad} is noticed`, () => assert.ok(slowText(bad)));
}
