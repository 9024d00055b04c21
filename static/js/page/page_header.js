import { parse } from "../html.js";
import { articleOf, copyOf, dressed, headingOf, morph, renewEntry } from "./entry.js";

/** The copy of the pinned entry above the others; only the first page has it. */
export class Pinned {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.slot = root.querySelector("[data-pinned]");
    if (this.copy) dressed(this.copy);
  }

  get copy() {
    return this.slot?.querySelector("article");
  }

  /** While paused, the copy is removed with its entry, and nothing replaces it.
   * @param {Live.Store} store @param {boolean} paused */
  update(store, paused) {
    const { copy, slot } = this;
    const known = store.get(copy?.dataset.id ?? "");
    if (!slot || (paused && known?.op !== "del")) return;
    const item = paused ? undefined : store.pinned;
    // Its entry is on an older page, and still pinned.
    if (copy && !known && Number(copy.dataset.seq) > (item?.seq ?? -1)) return;
    if (!item) copy?.remove();
    else if (copy?.dataset.id !== item.id) slot.replaceChildren(copyOf(item));
    else if (copy.dataset.seq !== String(item.seq)) renewEntry(copy, copyOf(item));
  }
}

/** The list of key events, newest first. It is made from items, so it includes entries that are not on the page. */
export class KeyEvents {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.box = /** @type {HTMLElement | null} */ (root.querySelector("[data-keys]"));
    this.list = this.box?.querySelector("ol");
  }

  /** @param {Live.Entry} item */
  take(item) {
    const { list, box } = this;
    if (!list || !box) return;
    const rows = /** @type {HTMLElement[]} */ ([...list.children]);
    const old = rows.find((row) => row.dataset.id === item.id);
    if (item.op === "put" && item.key) {
      const row = rowOf(item);
      const below = rows.find((other) => other !== old && Number(other.dataset.order) < item.order) ?? null;
      if (old) morph(old, row);
      if (old?.nextElementSibling !== below) list.insertBefore(old ?? row, below);
    } else old?.remove();
    box.hidden = !list.children.length;
  }
}

/** @param {Live.EntryPut} item */
function rowOf(item) {
  const article = articleOf(item);
  const row = document.createElement("li");
  const link = document.createElement("a");
  const title = document.createElement("span");
  row.dataset.id = item.id;
  row.dataset.order = String(item.order);
  const permalink = article.querySelector(".when a")?.getAttribute("href") ?? "";
  row.dataset.href = permalink;
  link.setAttribute("href", document.getElementById(article.id) ? `#${article.id}` : permalink);
  title.textContent = item.title || headingOf(article);
  title.dir = article.querySelector("h2")?.dir ?? "";
  link.append(/** @type {Element} */ (article.querySelector(".when time")), title);
  row.append(link);
  return row;
}

/** What the page shows about the event: title, key points, number of updates, latest headline, and the tab's title. */
export class PageHeader {
  #counted = 0;
  #count = -1;
  #waiting = 0;
  #name = "";
  #title = "";
  /** What the tab's title names: the event, or on a page of its own the entry. */
  #subject = "";

  /** @param {HTMLElement} root @param {Live.Strings} strings */
  constructor(root, strings) {
    this.root = root;
    this.strings = strings;
    this.adopt(document.title);
  }

  /** Reads what the page shows. @param {string} title */
  adopt(title) {
    this.#title = title;
    this.#counted = Number(this.root.dataset.seq);
    this.#name = this.root.querySelector("h1")?.textContent?.trim() ?? "";
    this.#subject = (this.root.dataset.view === "permalink" && headingOf(this.root)) || this.#name;
  }

  /** @param {Live.EventPut} item @returns {HTMLElement | null} the server's words for the event's state */
  take(item) {
    const parts = parse(item.html);
    for (const name of ["head", "know"]) {
      const fresh = parts.querySelector(`[data-part="${name}"]`);
      const old = this.root.querySelector(`[data-part="${name}"]`);
      if (fresh && old) morph(old, fresh);
    }
    for (const place of this.root.querySelectorAll("[data-title]")) place.textContent = item.title;
    if (this.#subject === this.#name) this.#rename(item.title);
    this.#name = item.title;
    this.count(this.#count, this.#counted);
    return parts.querySelector('[data-part="watch-state"]');
  }

  /** Ignores a count from an older response, which a stale cache may serve later.
   * @param {number} count @param {number} at */
  count(count, at) {
    if (at < this.#counted || count < 0) return;
    this.#counted = at;
    this.#count = count;
    const words = this.strings.plural("count", count);
    for (const place of this.root.querySelectorAll("[data-count]")) place.textContent = words;
  }

  /** @param {HTMLElement | undefined} article the newest on the page */
  latest(article) {
    const link = /** @type {HTMLElement | null} */ (this.root.querySelector("[data-latest]"));
    if (!link) return;
    link.hidden = !article || this.root.dataset.status === "ended";
    link.setAttribute("href", `#${article?.id ?? "updates"}`);
    const time = article?.querySelector(".when time");
    if (time) link.querySelector("time")?.replaceWith(time.cloneNode(true));
    const title = link.querySelector("b + span");
    if (title) title.textContent = article ? headingOf(article) : ""; // also where the link is hidden
  }

  /** Names the entry of this page in the tab's title, or the event while the entry is removed.
   * @param {HTMLElement | undefined} article */
  entry(article) {
    this.#rename((article && headingOf(article)) || this.#name);
  }

  /** @param {string} subject */
  #rename(subject) {
    this.#title = this.#title.replace(this.#subject, () => subject);
    this.#subject = subject;
    this.wait(this.#waiting);
  }

  /** @param {number} waiting entries behind the button */
  wait(waiting) {
    this.#waiting = waiting;
    document.title = (waiting ? `(${waiting}) ` : "") + this.#title;
  }
}
