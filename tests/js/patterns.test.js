/* Every regular expression of the scripts takes time in proportion to its text: people paste texts of any size. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const SOURCES = "static/js"; // tests run in the project's folder
const LITERAL = /(?<=[=(,:?&|!{;[]\s*|return )\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([gimsuyv]*)/g;
const SIZES = [1_000, 40_000];
const MOST = 250; // ms of the processor for the largest text; a quadratic pattern takes a second or more

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
  const start = process.cpuUsage().user;
  text.replace(pattern, "");
  return (process.cpuUsage().user - start) / 1000;
}

/** How the first text begins for which a pattern takes too long. @param {RegExp} pattern */
function slowText(pattern) {
  const parts = partsOf(pattern.source);
  const pumps = [...parts, ...parts.flatMap((one) => parts.map((other) => one + other))];
  for (const size of SIZES) {
    for (const pump of pumps) {
      const text = `${pump.repeat(size / pump.length)}\0`;
      if (took(pattern, text) > MOST) return text.slice(0, 20);
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
