import { parsePage } from "../html.js";
import { ask, changesUrl } from "../live/catch_up.js";
import { dressed, floorOf, focusOn, itemOf, renewEntry } from "./entry.js";
import { placed } from "./placement.js";
import { inView } from "./scroll_anchor.js";

const EVENT = ['[data-part="head"]', '[data-part="know"]', "[data-pinned]", "[data-keys]", "[data-corrections]", "[data-latest]"];
const PARTS = [...EVENT, ".watch .title", ".crumb", ".pn:not(.pages)", ".now-on"];

/** Appends the entries of the next older page to this one.
 * @param {Live.Page} page @param {HTMLAnchorElement} link to it @param {AbortSignal} signal */
export async function loadMore(page, link, signal) {
  const words = (link.dataset.words ??= link.textContent ?? "");
  link.textContent = page.strings.get("loading");
  const { answer: fresh } = await fetchPage(link.href, signal);
  const isComplete = fresh && (await fetchMissing(fresh, page, signal));
  link.textContent = isComplete ? words : page.strings.get("load_failed");
  if (!isComplete) return;
  if (fresh.dataset.epoch !== page.stream.epoch) return page.renew(String(fresh.dataset.epoch));
  const articles = articlesOf(fresh);
  for (const article of articles) page.store.take(itemOf(article));
  const ids = articles.map(({ dataset }) => String(dataset.id));
  if (page.root.dataset.order) reachEnd(page, fresh);
  fill(page, ids, floorOf(fresh));
  for (const slot of fresh.querySelectorAll("[data-entries] .ad")) {
    const before = /** @type {HTMLElement | null} */ (slot.previousElementSibling);
    page.timeline.feed.article(before?.dataset.id ?? "")?.after(slot);
  }
  page.loadedPages++;
  updateLink(link, fresh, page.root.dataset.order ? "" : page.strings.get("the_end"));
  focusOn(ids.map((id) => page.timeline.feed.article(id)).find(Boolean));
}

/** Inserts the entries of an older page, and known ones that its cached copy lacks.
 * @param {Live.Page} page @param {string[]} ids @param {number} floor */
function fill(page, ids, floor) {
  const { root, store, timeline } = page;
  const { feed, waiting } = timeline;
  timeline.floor = Math.min(timeline.floor, floor);
  const known = root.dataset.view === "first" ? store.entries.map(({ id }) => id) : [];
  const lacking = known.filter((id) => !feed.article(id) && !waiting.has(id));
  page.anchor.hold(() => {
    for (const id of new Set([...ids, ...lacking])) {
      const item = /** @type {Live.Entry} */ (store.get(id));
      const verdict = placed(item, { ...timeline.place(id, true), view: "first", paused: false });
      if (verdict === "insert" || verdict === "update") feed.put(item);
    }
    feed.tidy();
  });
  page.settled(timeline.count(), 0);
}

/** Drops the oldest entries of a page that stays open all day, in whole pages, unless the reader is near. A link brings
 * them back: at the end, or at the start where the oldest come first.
 * @param {Live.Page} page @param {number} most entries */
export function dropOldest(page, most) {
  const { root, timeline } = page;
  const { feed } = timeline;
  const { filter, pageSize } = root.dataset;
  const { articles, upwards } = feed;
  const last = articles.at(upwards ? most - 1 : -most);
  if (filter || !last) return;
  const width = Number(pageSize) * 2 ** 20;
  const number = Math.ceil(Number(last.dataset.order) / width);
  const dropped = articles.filter(({ dataset }) => Number(dataset.order) <= number * width);
  let isNear = false;
  page.anchor.hold(() => {
    isNear = dropped.some((article) => inView(article, 2)); // measured where they rest, not where they glide
    if (isNear) return;
    for (const { dataset } of dropped) feed.remove(String(dataset.id), false);
    feed.tidy();
    if (!upwards) linkToEarlier(page, number);
  });
  if (isNear) return;
  for (const { dataset, firstElementChild: link } of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".keys li"))) {
    if (!feed.article(dataset.id ?? "")) link?.setAttribute("href", dataset.href ?? "");
  }
  timeline.floor = number * width;
  if (!upwards) return;
  page.loadedPages = 1;
  linkToMore(page, `?page=${number}`);
}

/** @param {Live.Page} page @param {string | null | undefined} href of the next page, unless this is the last */
function linkToMore({ root, strings }, href) {
  const old = root.querySelector("[data-more], [data-end]");
  const isLink = old?.matches("[data-more]");
  if (!href) return isLink && old?.remove();
  if (isLink) return old?.setAttribute("href", href);
  const link = linkTo(href, strings.get("more"));
  link.dataset.more = "";
  if (old) old.replaceWith(link);
  else root.querySelector(".feed")?.append(link);
}

/** @param {Live.Page} page @param {number} number */
function linkToEarlier({ root, strings, timeline }, number) {
  const old = root.querySelector("[data-back]");
  const link = linkTo(`?order=oldest&page=${number}`, strings.get("older"));
  link.dataset.back = "";
  if (old) old.replaceWith(link);
  else timeline.feed.entries.before(link);
}

/** @param {string} href @param {string} textContent */
function linkTo(href, textContent) {
  return Object.assign(document.createElement("a"), { className: "btn more", href, textContent });
}

/** Where the oldest come first, the loaded page may be the last one, to which new entries are added.
 * @param {Live.Page} page @param {HTMLElement} fresh */
function reachEnd({ root, pending }, { dataset }) {
  root.dataset.view = dataset.view;
  const { home, pill } = pending;
  if (dataset.view !== "first" || !home || !pill) return;
  const button = document.createElement("button"); // it was a link to the page that has now been loaded
  Object.assign(button, { type: "button", className: pill.className, hidden: pill.hidden });
  button.append(...pill.childNodes);
  pill.replaceWith(button);
  Object.assign(pending, { home: "", pill: button });
  pending.connect();
}

/** Reloads the page, because its epoch is void.
 * @param {Live.Page} page @param {import("../live/page_renewal.js").PageRenewal} renewal
 * @param {string} epoch @param {AbortSignal} signal */
export async function renew(page, renewal, epoch, signal) {
  const { root, stream, store, timeline } = page;
  const reply = await renewal.run(() => fetchPages(page, signal), stream.epoch, epoch, signal);
  if (reply.gone) return clearPage(page);
  if (!reply.answer) return;
  const pages = reply.answer;
  const [first] = pages;
  page.anchor.hold(() => {
    replace(root, pages, timeline.feed);
    linkToMore(page, pages.at(-1)?.querySelector("[data-more]")?.getAttribute("href"));
  });
  const { epoch: now = "", status = "" } = first.dataset;
  const seq = Math.min(...pages.map(({ dataset }) => Number(dataset.seq)));
  Object.assign(root.dataset, { epoch: now, status, seq: String(seq) });
  Object.assign(stream, { epoch: now, seq });
  store.clear();
  timeline.adopt();
  page.renewed(first);
}

/** Fetches as many pages as were loaded, and all up to the end where new entries are appended; fails unless all have the
 * same epoch.
 * @param {Live.Page} page @param {AbortSignal} signal @returns {Promise<Live.Reply<HTMLElement[]>>} */
async function fetchPages(page, signal) {
  /** @type {HTMLElement[]} */
  const pages = [];
  const { order, view } = page.root.dataset;
  const least = order && view === "first" ? Infinity : page.loadedPages;
  /** @type {string | null | undefined} */
  let url = location.pathname + location.search;
  for (; url && pages.length < least; ) {
    const { answer: fresh, gone, after } = await fetchPage(url, signal);
    if (fresh?.dataset.epoch !== (pages[0] ?? fresh)?.dataset.epoch) return { after };
    if (!fresh) return { gone: gone && !pages.length, after };
    pages.push(fresh);
    url = fresh.querySelector("[data-more]")?.getAttribute("href");
  }
  return { answer: pages, after: 0 };
}

/** Clears the page of an entry that was removed. @param {Live.Page} page */
function clearPage(page) {
  const { root, timeline } = page;
  page.halt("gone");
  if (root.dataset.view !== "permalink") return;
  page.anchor.hold(() => {
    for (const { dataset } of timeline.feed.articles) timeline.feed.remove(String(dataset.id), true);
  });
  root.querySelector(".pn")?.replaceChildren();
  page.settled(0, 0);
}

/** @param {HTMLElement} root @param {HTMLElement[]} pages @param {Live.Feed} feed */
function replace(root, pages, feed) {
  for (const article of pages.flatMap((fresh) => [...fresh.querySelectorAll("article")])) dressed(article);
  for (const part of PARTS) {
    const [old, fresh] = [root.querySelector(part), pages[0]?.querySelector(part)];
    if (old?.hasAttribute("open")) fresh?.setAttribute("open", "");
    if (old && fresh) renewEntry(old, fresh);
  }
  const wanted = pages.flatMap((fresh) => [...(fresh.querySelector("[data-entries]") ?? fresh).children]);
  const children = /** @type {HTMLElement[]} */ (wanted).map((fresh) => {
    const old = feed.article(fresh.dataset.id ?? "");
    if (old) renewEntry(old, fresh);
    return old ?? fresh;
  });
  arrange(feed.entries, children);
  feed.entries.dataset.floor = String(Math.min(...pages.map(floorOf)));
}

/** Replaces the children of an element. A child that is in its place already is not moved: a player in it would start
 * again.
 * @param {Element} parent @param {Element[]} children */
function arrange(parent, children) {
  const wanted = new Set(/** @type {Node[]} */ (children));
  for (const node of [...parent.childNodes]) if (!wanted.has(node)) node.remove();
  children.forEach((child, at) => {
    const present = parent.childNodes[at];
    if (present !== child) parent.insertBefore(child, present ?? null);
  });
}

/** Fetches another page and returns its <live-event>.
 * @param {string} url @param {AbortSignal} signal
 * @returns {Promise<Live.Reply<HTMLElement>>} */
async function fetchPage(url, signal) {
  const read = async (/** @type {Response} */ response) => {
    const page = parsePage(await response.text());
    return /** @type {HTMLElement} */ (page.querySelector("live-event"));
  };
  return ask(url, signal, read);
}

/** @param {HTMLElement} fresh @returns {HTMLElement[]} */
function articlesOf(fresh) {
  return [...fresh.querySelectorAll(/** @type {"article"} */ ("[data-entries] article[data-id]"))];
}

/** Fetches the changes between a cached page and this one. Nobody sends them again, and without them a removed entry
 * could come back.
 * @param {HTMLElement} fresh @param {Live.Page} page @param {AbortSignal} signal @returns {Promise<boolean>} */
async function fetchMissing(fresh, page, signal) {
  const { epoch = "", seq } = fresh.dataset;
  const known = Number(page.root.dataset.seq);
  for (let after = Number(seq); after < known && epoch === page.stream.epoch; ) {
    const url = changesUrl(page.changes, epoch, after, known);
    /** @type {Live.Reply<Live.Answer>} */
    const { answer } = await ask(url, signal, (response) => response.json());
    const upto = answer?.more ? answer.upto : answer?.head ?? 0;
    if (!answer || upto <= after) return false;
    page.timeline.deliver(answer.items);
    after = upto;
  }
  return true;
}

/** @param {HTMLAnchorElement} link @param {HTMLElement} fresh @param {string} words */
function updateLink(link, fresh, words) {
  const next = fresh.querySelector("[data-more]");
  if (next) return link.setAttribute("href", String(next.getAttribute("href")));
  const end = document.createElement("p");
  end.className = "meta";
  end.dataset.end = "";
  end.textContent = words;
  if (words) link.replaceWith(end);
  else link.remove();
}
