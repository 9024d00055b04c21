/** @typedef {import("./composition.js").Composition} Composition */
/** @typedef {import("./composition.js").Block} Block */

/** Merges what two people made of the same text. Where both changed the same part, both versions stand, mine first.
 * @param {Pick<Composition, "fields" | "blocks">} base before either changed it
 * @param {Composition} mine @param {Pick<Composition, "fields" | "blocks">} theirs @returns {Composition} */
export function merged(base, mine, theirs) {
  const fields = structuredClone(mine.fields);
  for (const [name, list] of Object.entries(fields)) {
    if (theirs.fields[name] && isSame(list, base.fields[name])) fields[name] = theirs.fields[name];
  }
  const sides = [base.blocks, mine.blocks, theirs.blocks].map((blocks) => blocks.filter((block) => !isEmpty(block)));
  const blocks = merge(sides[0], sides[1], sides[2], mergedBlocks);
  return { ...mine, fields, blocks: blocks.length ? blocks : mine.blocks };
}

/** Merge three lists: what only one side changed is taken, and `both` decides about the rest.
 * @template T @param {T[]} base @param {T[]} mine @param {T[]} theirs
 * @param {(base: T[], mine: T[], theirs: T[]) => T[]} both @returns {T[]} */
function merge(base, mine, theirs, both) {
  const [ours, other] = [commonItems(base, mine), commonItems(base, theirs)];
  /** @type {T[]} */
  const result = [];
  let [from, left, right] = [0, 0, 0];
  for (let place = 0; place <= base.length; place++) {
    const isEnd = place === base.length;
    const at = isEnd ? [mine.length, theirs.length] : [ours.get(place), other.get(place)];
    if (at[0] === undefined || at[1] === undefined) continue; // changed by somebody
    result.push(...chunk(base.slice(from, place), mine.slice(left, at[0]), theirs.slice(right, at[1]), both));
    if (!isEnd) result.push(base[place]);
    [from, left, right] = [place + 1, at[0] + 1, at[1] + 1];
  }
  return result;
}

/** @template T @param {T[]} base @param {T[]} mine @param {T[]} theirs @param {(base: T[], mine: T[], theirs: T[]) => T[]} both
 * @returns {T[]} */
function chunk(base, mine, theirs, both) {
  if (isSame(base, mine) || isSame(mine, theirs)) return theirs;
  if (isSame(base, theirs)) return mine;
  const isAligned = base.length > 1 && base.length === mine.length && base.length === theirs.length;
  if (!isAligned) return both(base, mine, theirs);
  return base.flatMap((item, place) => chunk([item], [mine[place]], [theirs[place]], both)); // neighbours changed by each
}

/** Which items of the first list stand in the second, in the same order: from place to place.
 * @template T @param {T[]} from @param {T[]} to @returns {Map<number, number>} */
function commonItems(from, to) {
  const [one, two] = [from, to].map((list) => list.map((item) => JSON.stringify(ordered(item))));
  const lengths = Array.from({ length: one.length + 1 }, () => new Array(two.length + 1).fill(0));
  for (let a = one.length - 1; a >= 0; a--) {
    for (let b = two.length - 1; b >= 0; b--) {
      lengths[a][b] = one[a] === two[b] ? lengths[a + 1][b + 1] + 1 : Math.max(lengths[a + 1][b], lengths[a][b + 1]);
    }
  }
  const places = new Map();
  for (let a = 0, b = 0; a < one.length && b < two.length; ) {
    if (one[a] === two[b]) places.set(a++, b++);
    else if (lengths[a + 1][b] >= lengths[a][b + 1]) a++;
    else b++;
  }
  return places;
}

/** Two texts are merged paragraph by paragraph; other blocks that both changed stand after each other.
 * @param {Block[]} base @param {Block[]} mine @param {Block[]} theirs @returns {Block[]} */
function mergedBlocks(base, mine, theirs) {
  const all = [base, mine, theirs].map((blocks) => (blocks.length === 1 && blocks[0].kind === "text" ? parts(blocks[0]) : null));
  if (!all[0] || !all[1] || !all[2]) return [...mine, ...theirs.filter((block) => !mine.some((own) => isSame(own, block)))];
  const html = merge(all[0], all[1], all[2], (_base, own, other) => [...own, ...other]).join("");
  return [{ ...mine[0], values: { ...mine[0].values, html: [html] } }];
}

/** The paragraphs of a text; one with lists is not divided. @param {Block} block */
function parts({ values }) {
  const html = values.html?.[0] ?? "";
  return /<[uo]l/.test(html) ? [html] : html.split(/(?<=<\/p>)(?=<p>)/);
}

/** @param {Block} block */
const isEmpty = ({ values, uploads }) =>
  !Object.keys(uploads ?? {}).length && Object.values(values).every((list) => list.every((value) => !value.replace(/<\/?(p|br)>/g, "").trim()));

/** @param {unknown} one @param {unknown} other */
const isSame = (one, other) => JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));

/** With the keys of blocks in order, whoever wrote them. @param {any} value @returns {unknown} */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  if ("kind" in value) return [value.kind, ordered(Object.entries(value.values).sort()), Object.keys(value.uploads ?? {})];
  return Object.entries(value).sort();
}
