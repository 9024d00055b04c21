import { parse } from "../html.js";
import { renewEntry } from "../page/entry.js";
import { dayKey } from "../page/own_time.js";
import { whole } from "./whole_addresses.js";

/** The updates of a section, or its headlines, the newest first. */
export class Rows {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.place = /** @type {HTMLElement} */ (root.querySelector("[data-entries]"));
    this.isList = root.dataset.view === "latest";
    this.origin = new URL(root.dataset.page ?? "", location.href).origin;
    this.limit = Number(root.dataset.limit);
  }

  /** @returns {HTMLElement[]} */
  get all() {
    return /** @type {HTMLElement[]} */ ([...this.place.children].filter((row) => row.hasAttribute("data-id")));
  }

  /** @param {string} id */
  get(id) {
    return this.all.find(({ dataset }) => dataset.id === id);
  }

  /** Whether an entry of this order belongs here: there is room, or an older one can go. @param {number} order */
  hasRoom(order) {
    const { all, root } = this;
    return order > Number(all.at(-1)?.dataset.order) || (root.dataset.more === undefined && all.length < this.limit);
  }

  /** @param {Live.Entry} item */
  put(item) {
    const fresh = this.rowOf(item);
    const present = this.get(item.id);
    if (!present) return this.#insert(fresh);
    const moved = present.dataset.order !== fresh.dataset.order;
    renewEntry(present, fresh);
    if (moved) this.#insert(present);
    if (moved && !present.nextElementSibling && this.root.dataset.more !== undefined) present.remove(); // others may stand above it
    return present;
  }

  /** Takes away what is beyond the limit. */
  trim() {
    const old = this.all.slice(this.limit);
    for (const row of old) row.remove();
    if (old.length) this.root.dataset.more = "";
  }

  /** Marks days that need no name because they are today. */
  markDays() {
    const today = dayIn(this.root.dataset.timeZone);
    for (const time of this.place.querySelectorAll("time")) {
      const day = time.parentElement?.querySelector(".day");
      if (time.nextElementSibling === day) day?.toggleAttribute("data-known", time.dateTime.slice(0, 10) === today);
    }
  }

  /** @param {Live.Entry} item */
  rowOf(item) {
    const article = /** @type {HTMLElement} */ (parse(item.html ?? "").querySelector("article, li"));
    whole(article, this.origin);
    return this.isList && article.matches("article") ? headline(item, article) : article;
  }

  /** @param {HTMLElement} row */
  #insert(row) {
    const below = this.all.find((other) => other !== row && Number(other.dataset.order) < Number(row.dataset.order));
    this.place.insertBefore(row, below ?? null);
    return row;
  }
}

/** @param {Live.Entry} item @param {HTMLElement} article */
function headline(item, article) {
  const row = document.createElement("li");
  const link = document.createElement("a");
  const words = document.createElement("b");
  Object.assign(row.dataset, { id: item.id, seq: String(item.seq), order: String(item.order) });
  link.setAttribute("href", article.querySelector(".when a")?.getAttribute("href") ?? "");
  words.textContent = "title" in item ? item.title : "";
  words.dir = article.querySelector("h2")?.dir ?? "";
  const [time, day] = [article.querySelector(".when time"), article.querySelector(".when .day")];
  link.append(/** @type {Node} */ (time), " ", /** @type {Node} */ (day), " ", words);
  row.append(link);
  return row;
}

/** @param {string | undefined} timeZone */
function dayIn(timeZone) {
  try {
    return dayKey(new Date(), timeZone);
  } catch {
    return dayKey(new Date()); // this browser does not know the zone
  }
}
