import { articleOf, dressed, focusOn, renewEntry } from "./entry.js";

/** @param {HTMLElement} article */
const orderOf = (article) => Number(article.dataset.order);

/** @param {HTMLElement} article */
const fixes = (article) => article.querySelectorAll(".fix").length;

/** @param {string} day @param {string} words */
function ruleOf(day, words) {
  const rule = document.createElement("p");
  const time = document.createElement("time");
  rule.className = "day-rule";
  time.dateTime = day;
  time.textContent = words;
  rule.append(time);
  return rule;
}

/** The entries on the page, by id and in order, and the advertisements between them. */
export class Feed {
  /** @type {Map<string, HTMLElement>} */
  #articles = new Map();

  /** @param {HTMLElement} root @param {string} removed what a reader sees who was looking at an entry that went
   * @param {Live.ScrollAnchor} anchor */
  constructor(root, removed, anchor) {
    this.removed = removed;
    this.anchor = anchor;
    this.upwards = root.dataset.order !== "oldest";
    this.entries = /** @type {HTMLElement} */ (root.querySelector("[data-entries]") ?? root);
    this.adopt();
  }

  /** Reads the entries that the page shows. */
  adopt() {
    this.#articles = new Map(this.articles.map((article) => [String(dressed(article).dataset.id), article]));
  }

  /** @returns {HTMLElement[]} */
  get articles() {
    return [...this.entries.querySelectorAll(/** @type {"article"} */ ("article[data-id]:not([data-copy])"))];
  }

  get newest() {
    const { articles } = this;
    return (this.upwards ? articles : articles.reverse()).find(({ dataset }) => dataset.kind !== "remove");
  }

  /** @param {string} id */
  article(id) {
    return this.#articles.get(id);
  }

  /** @param {Live.Entry} item */
  put(item) {
    const fresh = articleOf(item);
    const present = this.article(item.id);
    if (!present) {
      this.#articles.set(item.id, fresh);
      this.#insert(fresh);
      this.entries.querySelector(`p.gone[data-of="${CSS.escape(item.id)}"]`)?.remove();
      return fresh;
    }
    for (const mark of ["new", "now", "long"]) fresh.classList.toggle(mark, present.classList.contains(mark));
    const moved = orderOf(present) !== orderOf(fresh);
    // A correction is marked more quietly than a new entry.
    fresh.toggleAttribute("data-fixed", fixes(fresh) > fixes(present));
    renewEntry(present, fresh);
    if (moved) this.#insert(present);
    return present;
  }

  /** @param {string} id @param {boolean} isRemoved whether nobody may see it; its place is kept while it is in view */
  remove(id, isRemoved) {
    const article = this.article(id);
    if (!article) return;
    this.#articles.delete(id);
    const place = this.articles.indexOf(article);
    const neighbour = this.articles[place + 1] ?? this.articles[place - 1];
    const focused = article.contains(document.activeElement);
    if (isRemoved && this.anchor.saw(article)) this.#leavePlaceholder(article);
    article.remove();
    if (focused) focusOn(neighbour);
  }

  /** Removes placeholders and misplaced advertisements that the reader did not see before the change. */
  tidy() {
    this.#updateDayRules();
    for (const thing of this.entries.querySelectorAll(".ad, p.gone")) {
      const [above, below] = [thing.previousElementSibling, thing.nextElementSibling];
      const amid = above?.matches("article") && below?.matches("article, .day-rule, .since");
      const isPlace = thing.matches("p.gone");
      if ((isPlace || !amid) && !(this.anchor.saw(thing) ?? isPlace)) thing.remove(); // a new place is in view
    }
    // An element with white space does not match :empty.
    if (!this.entries.firstElementChild) this.entries.replaceChildren();
  }

  /** Puts a line with the date wherever the date changes. */
  #updateDayRules() {
    let above = "";
    for (const article of this.articles) {
      const day = article.querySelector("time")?.dateTime.slice(0, 10) ?? "";
      const before = article.previousElementSibling;
      const rule = before?.matches(".day-rule") ? before : null;
      if (!above || day === above) rule?.remove();
      else if (rule?.querySelector("time")?.dateTime !== day) {
        rule?.remove();
        article.before(ruleOf(day, article.querySelector(".day")?.textContent ?? ""));
      }
      above = day;
    }
    for (const rule of this.entries.querySelectorAll(".day-rule")) {
      if (!rule.nextElementSibling?.matches("article")) rule.remove();
    }
  }

  /** @param {HTMLElement} article */
  #insert(article) {
    const others = this.articles.filter((other) => other !== article);
    const way = this.upwards ? 1 : -1;
    const below = others.find((other) => way * orderOf(other) < way * orderOf(article));
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const focused = article.contains(active);
    if (below && below !== others[0]) below.before(article);
    else if (below) this.entries.prepend(article);
    else this.entries.append(article);
    if (focused) active?.focus({ preventScroll: true }); // moving a node takes the focus away
  }

  /** @param {HTMLElement} article */
  #leavePlaceholder(article) {
    const line = document.createElement("p");
    line.className = "gone meta";
    line.textContent = this.removed;
    line.dataset.of = article.dataset.id;
    line.style.blockSize = `${article.offsetHeight}px`;
    article.before(line);
    const observer = new IntersectionObserver(() => {
      // Above the viewport it stays until the next tidy(): removing it there would end a scroll in progress.
      if (line.getBoundingClientRect().top < innerHeight) return;
      observer.disconnect();
      line.remove();
    });
    observer.observe(line);
  }
}
