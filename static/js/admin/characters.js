/* Characters as people and as the server see them; a string of JavaScript counts an emoji twice and more. */

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter() : undefined;

/** What readers see as characters: a flag, a family, a letter with its accents are one. @param {string} text */
const graphemes = (text) => (segmenter ? [...segmenter.segment(text)].map(({ segment }) => segment) : [...text]);

/** Code points, as the database counts them. @param {string} text */
export const lengthOf = (text) => [...text].length;

/** A text in two parts: the first has at most that many code points and ends between two visible characters.
 * @param {string} text @param {number} limit */
export function splitAt(text, limit) {
  if (lengthOf(text) <= limit) return [text, ""];
  let [length, end] = [0, 0];
  for (const each of graphemes(text)) {
    length += lengthOf(each);
    if (length > limit) break;
    end += each.length;
  }
  return [text.slice(0, end), text.slice(end)];
}

/** @param {string} text @param {number} limit */
export function shorten(text, limit) {
  const [start, rest] = splitAt(text, limit);
  return rest ? `${start.trimEnd()}…` : text;
}
