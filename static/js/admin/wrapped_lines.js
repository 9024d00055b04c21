const NARROWEST = 40; // characters of a line that a mail program wraps
const WIDEST = 100;
const END = /[.!?…:;”"»)]$/u; // of a sentence
const ITEM = /^(?:[-*•–>]|\d+[.)])\s/u; // a list, a quoted mail

/** Join the lines that a mail program has wrapped at a fixed width; each would become a paragraph. Lines that somebody
 * has ended on purpose stay apart: lists, addresses, verses.
 * @param {string} text plain text that is pasted */
export function joinWrappedLines(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n").map((line) => line.trim());
  const width = Math.max(...lines.map((line) => line.length));
  if (width < NARROWEST || width > WIDEST) return text;
  return runs(lines, width).map((run) => (isWrapped(run) ? run.join(" ") : run.join("\n"))).join("\n");
}

/** Split lines into runs in which the first word of each line had no room on the line before.
 * @param {string[]} lines @param {number} width */
function runs(lines, width) {
  /** @type {string[][]} */
  const all = [];
  for (const [number, line] of lines.entries()) {
    const before = number ? lines[number - 1] : "";
    const word = line.split(/\s/, 1)[0];
    const follows = before !== "" && line !== "" && !ITEM.test(line) && before.length + 1 + word.length > width;
    if (follows) all.at(-1)?.push(line);
    else all.push([line]);
  }
  return all;
}

/** Whether the lines of a run break inside a sentence. @param {string[]} run */
function isWrapped(run) {
  const inside = run.slice(0, -1).some((line) => !END.test(line));
  return run.length > 2 ? inside : inside && /^\p{Ll}/u.test(run[1] ?? "");
}
