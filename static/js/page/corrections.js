import { articleOf, headingOf } from "./entry.js";

/** The last announcement of each place for them, after the id of its entry. @type {WeakMap<HTMLElement, string>} */
const spoken = new WeakMap();

/** Updates the list of corrections for an entry, and announces a new one. The list is made from items, so it includes
 * entries that are not on the page.
 * @param {import("./timeline.js").Timeline} timeline @param {string} id */
export function updateCorrections(timeline, id) {
  const { root, store, feed } = timeline;
  const item = /** @type {Live.Entry} */ (store.get(id));
  const box = /** @type {HTMLElement | null} */ (root.querySelector("[data-corrections]"));
  const list = box?.querySelector("ol");
  const article = item.op === "put" ? articleOf(item) : null;
  const fixes = /** @type {HTMLElement[]} */ ([...(article?.querySelectorAll(".fix") ?? [])]);
  const old = [...root.querySelectorAll(`[data-fix="${id}"]`)];
  const isNew = feed.article(id)?.hasAttribute("data-fixed") || (list && fixes.length > old.length);
  const renew = (/** @type {HTMLElement} */ place, /** @type {Element} */ rows) => {
    for (const row of old) row.remove();
    for (const fix of fixes) insertRow(rows, rowOf(item, /** @type {HTMLElement} */ (article), fix));
    place.hidden = !rows.children.length;
  };
  if (box && list) renew(box, list);
  const voice = /** @type {HTMLElement | null} */ (root.querySelector("[data-announce]"));
  if (!voice) return;
  if (isNew && article && fixes.length) announce(voice, id, article, /** @type {HTMLElement} */ (fixes.at(-1)));
  else if (spoken.get(voice) === `${id} ${voice.textContent}`) voice.textContent = ""; // of what was removed no word stays
}

/** @param {Live.Entry} item @param {HTMLElement} article @param {HTMLElement} fix */
function rowOf(item, article, fix) {
  const row = document.createElement("li");
  const link = document.createElement("a");
  const words = document.createElement("span");
  const title = document.createElement("b");
  const permalink = article.querySelector(".when a")?.getAttribute("href") ?? "";
  Object.assign(row.dataset, { fix: item.id, order: item.order, href: permalink });
  link.setAttribute("href", document.getElementById(article.id) ? `#${article.id}` : permalink);
  title.textContent = ("title" in item && item.title) || headingOf(article);
  title.dir = article.querySelector("h2")?.dir ?? "";
  const note = document.createElement("bdi");
  note.textContent = noteOf(fix);
  words.append(title, " ", note);
  link.append(/** @type {Element} */ (timeOf(fix)?.cloneNode(true)), words);
  row.append(link);
  return row;
}

/** The newest row stands on top; rows of the same second have the order of their entries.
 * @param {Element} list @param {HTMLElement} row */
function insertRow(list, row) {
  const rows = /** @type {HTMLElement[]} */ ([...list.children]);
  const at = (/** @type {Element} */ each) => Date.parse(timeOf(each)?.getAttribute("datetime") ?? "");
  const order = (/** @type {HTMLElement} */ each) => Number(each.dataset.order);
  const isBelow = (/** @type {HTMLElement} */ other) => (at(other) - at(row) || order(other) - order(row)) <= 0;
  list.insertBefore(row, rows.find(isBelow) ?? null);
}

/** @param {HTMLElement} voice @param {string} id @param {HTMLElement} article @param {HTMLElement} fix */
function announce(voice, id, article, fix) {
  const kind = fix.querySelector("b")?.textContent?.trim() ?? "";
  voice.textContent = `${kind} ${headingOf(article)}. ${noteOf(fix)}`;
  spoken.set(voice, `${id} ${voice.textContent}`);
}

/** @param {ParentNode} place */
const timeOf = (place) => place.querySelector("time");

/** @param {ParentNode} fix */
const noteOf = (fix) => fix.querySelector("p > span")?.textContent ?? "";
