/*
 * Finds addresses in words. Stands in for linkifyjs, which Tiptap's link asks, without its list of 1,400 top-level
 * domains: what the server links in the end is decided in updates/content/links.py.
 */

const ADDRESS = /(?:(?:https?:\/\/|mailto:|tel:\+?)|(?:(?<![\w.+-])[\w.+-]+@)|(?:www\.)|(?=[\p{L}\p{N}]))[\p{L}\p{N}][\p{L}\p{N}.@:-]*(?:[/?#][^\s<>"“”]*)?/giu;
const COMPLETE = /^(?:https?:\/\/|mailto:|tel:)[^\s/]/i;
const BARE = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?<last>[a-z]{2,})(?::\d+)?(?<rest>[/?#].*)?$/iu;
const COMMON = /^(?:com|org|net|edu|gov|mil|int|info|biz|eu|uk|app|dev|blog|news|live|media|online|site|shop|tech)$/i;
const AFTER = ".,:;!?'’*_";
const SENTENCE = /^[A-Z][a-z]/; // “The end.It holds”

const regions = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** @param {string} text @param {{ defaultProtocol?: string }} [options] */
export function find(text, { defaultProtocol = "https" } = {}) {
  return [...text.matchAll(ADDRESS)].flatMap(({ 0: matched, index }) => {
    const value = withoutEnd(matched);
    const href = hrefOf(value, defaultProtocol);
    return href ? [{ type: "url", isLink: true, value, href, start: index, end: index + value.length }] : [];
  });
}

/** The parts of a word: an address and what stands around it. @param {string} text */
export function tokenize(text) {
  const tokens = [];
  let place = 0;
  for (const link of [...find(text), null]) {
    const end = link?.start ?? text.length;
    if (end > place) tokens.push({ type: "text", isLink: false, value: text.slice(place, end), start: place, end });
    if (link) tokens.push(link);
    place = link?.end ?? end;
  }
  return tokens.map((token) => ({ ...token, toObject: () => token }));
}

export function registerCustomProtocol() {}

export function reset() {}

/** Leave out the punctuation of a sentence, and a bracket that was opened before the address. @param {string} text */
function withoutEnd(text) {
  let value = withoutPunctuation(text);
  const count = (/** @type {string} */ bracket) => value.split(bracket).length;
  /** @type {Record<string, number>} */
  const surplus = { ")": count(")") - count("("), "]": count("]") - count("[") };
  for (let last = value.at(-1) ?? ""; surplus[last] > 0; last = value.at(-1) ?? "") {
    surplus[last] -= 1;
    value = withoutPunctuation(value.slice(0, -1));
  }
  return value;
}

/** A pattern would try each of a thousand full stops as the first one. @param {string} text */
function withoutPunctuation(text) {
  let end = text.length;
  while (end && AFTER.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** @param {string} value @param {string} scheme */
function hrefOf(value, scheme) {
  if (COMPLETE.test(value)) return value;
  const isMail = value.includes("@");
  const { last = "", rest = "" } = BARE.exec(isMail ? value.slice(value.indexOf("@") + 1) : value)?.groups ?? {};
  if (isMail) return last && !rest ? `mailto:${value}` : "";
  if (SENTENCE.test(last)) return "";
  const isSite = rest.length > 1 || /^www\./i.test(value) || COMMON.test(last) || (last.length === 2 && regions.of(last.toUpperCase()));
  return last && isSite ? `${scheme}://${value}` : "";
}
