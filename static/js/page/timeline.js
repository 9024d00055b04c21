import { shield } from "../live/shield.js";
import { floorOf, focusOn, itemOf } from "./entry.js";
import { Feed } from "./feed.js";
import { KeyEvents, Pinned } from "./page_header.js";
import { mayMove, placed } from "./placement.js";
import { calm, lineEnd } from "./scroll_anchor.js";

/** Shows the newest states on the page: at once if nothing moves under the reader, else behind the button. */
export class Timeline {
  paused = false;
  /** Ids whose newest state is held behind the button. @type {Set<string>} */
  waiting = new Set();
  /** Ids of entries that were removed from this page and may come back. @type {Set<string>} */
  #lost = new Set();
  /** Ids whose newest state is about to be shown. @type {Set<string>} */
  #news = new Set();
  /** @type {Promise<void> | null} */
  #showing = null;

  /** @param {HTMLElement} root @param {Live.Store} store
   * @param {Live.Strings} strings @param {Live.TimelineListener} page @param {Live.ScrollAnchor} anchor */
  constructor(root, store, strings, page, anchor) {
    this.root = root;
    this.anchor = anchor;
    this.store = store;
    this.page = page;
    this.feed = new Feed(root, strings.get("removed"), anchor);
    this.pinned = new Pinned(root);
    this.keys = new KeyEvents(root);
    this.floor = 0;
    this.adopt();
  }

  /** Reads what the page shows. */
  adopt() {
    const { feed, root, store } = this;
    feed.adopt();
    this.waiting.clear();
    this.#news.clear();
    for (const article of feed.articles) store.take(itemOf(article));
    this.floor = floorOf(root);
  }

  /** @param {Live.Item[]} items of any age */
  deliver(items) {
    for (const item of items) if (this.store.take(item)) this.#news.add(item.id);
    if (this.#news.size) this.#showing ??= this.#showNews();
  }

  async #showNews() {
    await this.anchor.standstill();
    this.#showing = null;
    const ids = [...this.#news];
    this.#news.clear();
    this.show(ids);
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    this.show([...this.waiting]);
  }

  /** Shows what is held behind the button, and marks where it ends. */
  reveal() {
    for (const read of this.feed.entries.querySelectorAll(".new")) read.classList.remove("new", "now");
    const [first] = this.show([], true, (fresh) => this.page.revealed(fresh));
    first?.scrollIntoView({ behavior: calm() ? "instant" : "smooth" });
    focusOn(first);
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  }

  /** @param {string[]} ids whose state is news to the page @param {boolean} [open] whether the page may move
   * @param {(fresh: HTMLElement[]) => void} [then] what else to change
   * @returns {HTMLElement[]} the new articles, in the order of the page */
  show(ids, open = mayMove(this.#viewState()), then = () => {}) {
    const all = new Set(open ? [...this.waiting, ...ids] : ids);
    /** @type {Set<HTMLElement>} */
    const fresh = new Set();
    const before = this.count();
    const inOrder = () => this.feed.articles.filter((article) => fresh.has(article));
    this.anchor.hold(() => {
      for (const id of all) shield(() => this.#apply(id, open, fresh));
      shield(() => this.#finish());
      const waiting = this.count();
      shield(() => this.page.settled(waiting, Math.max(0, waiting - before) + fresh.size));
      shield(() => then(inOrder()));
    });
    return inOrder();
  }

  /** @param {string} id @param {boolean} open @param {Set<HTMLElement>} fresh */
  #apply(id, open, fresh) {
    const item = /** @type {Live.Item} */ (this.store.get(id));
    this.waiting.delete(id);
    if (item.id === "event") return this.page.event(/** @type {Live.EventPut} */ (item));
    const entry = /** @type {Live.Entry} */ (item);
    const place = this.place(id, open);
    const verdict = placed(entry, place);
    if (verdict === "remove") this.#lost.add(id);
    if (verdict === "hold") this.waiting.add(id);
    else if (verdict === "remove" || verdict === "leave") this.feed.remove(id, verdict === "remove");
    else if (verdict !== "drop") {
      const article = this.feed.put(entry);
      if (verdict === "insert" && entry.op === "put" && entry.kind !== "restore" && !place.lost) fresh.add(article);
      if (fresh.has(article)) article.classList.add("new");
    }
    if (!this.paused || entry.op === "del") this.#updateMentions(entry);
  }

  /** Updates the other places that mention the entry. @param {Live.Entry} entry */
  #updateMentions(entry) {
    this.keys.take(entry);
    if (entry.note || this.root.querySelector(`[data-fix="${entry.id}"]`)) {
      import("./corrections.js").then(async ({ updateCorrections }) => {
        await this.anchor.standstill();
        this.anchor.hold(() => updateCorrections(this, entry.id));
      }, () => {});
    }
    for (const link of this.root.querySelectorAll(`[data-ref="${entry.id}"]`)) {
      const title = link.querySelector("b");
      if (entry.op === "del") link.remove();
      else if (title) title.textContent = entry.title;
    }
  }

  #finish() {
    const { feed, pinned, root, store } = this;
    pinned.update(store, this.paused);
    const { newest } = feed;
    // The accent colour marks what is new, and an ended event has nothing new.
    const marks = root.dataset.status === "ended" ? ["new", "now"] : ["now"];
    for (const marked of feed.entries.querySelectorAll(".new, .now")) marked.classList.remove(...marks);
    if (newest?.classList.contains("new")) newest.classList.add("now");
    feed.tidy();
  }

  /** The number of entries behind the button. */
  count() {
    const behind = (/** @type {string} */ id) => {
      const item = /** @type {Live.Entry} */ (this.store.get(id));
      if (this.feed.article(id) || item.op === "del") return false;
      return placed(item, { ...this.place(id, false), paused: false }) === "hold";
    };
    return [...this.waiting].filter(behind).length;
  }

  /** @param {string} id @param {boolean} open @returns {Live.Place} */
  place(id, open) {
    const { view = "", filter, now: since = "" } = this.root.dataset;
    const [onPage, lost] = [!!this.feed.article(id), this.#lost.has(id)];
    return { view, filter, since, floor: this.floor, open, paused: this.paused, onPage, lost };
  }

  /** @returns {Live.ViewState} */
  #viewState() {
    const { entries, articles, upwards } = this.feed;
    const box = (/** @type {Element | null} */ end) => (end ?? entries.parentElement ?? entries).getBoundingClientRect();
    const selection = getSelection();
    const selecting = selection && !selection.isCollapsed && selection.containsNode(entries, true);
    const busy = articles[0]?.querySelector("iframe, details[open], video");
    const playing = busy instanceof HTMLVideoElement ? !busy.paused : !!busy;
    return {
      hidden: document.hidden,
      paused: this.paused,
      reading: !!selecting || playing,
      calm: calm(),
      feedTop: box(entries.firstElementChild).top,
      feedEnd: box(entries.lastElementChild).bottom,
      height: innerHeight,
      scrolled: entries.firstElementChild ? scrollY : 0, // where there is nothing yet, nothing can move
      line: lineEnd(),
      upwards,
    };
  }
}
