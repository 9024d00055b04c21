import { AdSlots } from "./ad_slots.js";
import { isChosen, TAB } from "./alert_choice.js";

/** Tells the scripts of the site around the live blog what happens on the page; docs/site.md describes the events.
 * @param {Live.Page} page @param {AbortSignal} signal */
export function start(page, signal) {
  if (signal.aborted) return;
  page.siteEvents = new SiteEvents(page, signal);
  page.alerts?.look(); // what came before
  const follow = () => isChosen(TAB) && import("./tab_alerts.js").then(({ start }) => start(page, signal)).catch(() => {});
  addEventListener("storage", follow, { signal }); // turned on in another tab
  document.addEventListener("liveblog:status", follow, { signal }); // reopened
  follow();
}

class SiteEvents {
  /** The change number of each entry on the page. @type {Map<string, number>} */
  #versions;
  /** @type {Set<string>} */
  #removed = new Set();
  #status = "";
  #waiting = 0;

  /** @param {Live.Page} page @param {AbortSignal} signal */
  constructor(page, signal) {
    const { root, timeline, status } = page;
    this.page = page;
    this.event = page.changes.split("/").at(-2);
    this.slots = new AdSlots(root, timeline.feed, (name, detail) => this.#tell(name, detail));
    this.#versions = this.#articles();
    const observer = new MutationObserver(() => this.#look());
    observer.observe(root, { attributeFilter: ["data-status", "data-sensitive"] });
    observer.observe(status.line, { attributeFilter: ["data-is", "data-connected"] });
    signal.addEventListener("abort", () => observer.disconnect());
    this.#look();
  }

  /** Call after the entries on the page or behind the button have changed, within the change. */
  changed() {
    const { store, timeline } = this.page;
    const [before, now] = [this.#versions, (this.#versions = this.#articles())];
    const newest = Math.max(-1, ...[...before.keys()].map((id) => orderOf(timeline.feed.article(id))));
    const come = [...now.keys()].filter((id) => !before.has(id) && !this.#isRemoved(id));
    const added = come.filter((id) => this.#isNews(id));
    const loaded = come.filter((id) => !this.#isNews(id));
    const waiting = timeline.count();
    const changed = [...now.keys()].filter((id) => before.has(id) && before.get(id) !== now.get(id) && !this.#isRemoved(id));
    const removed = [...new Set([...before.keys(), ...now.keys()])].filter((id) => this.#isRemoved(id) && !this.#removed.has(id));
    this.#removed = new Set(store.entries.filter(({ op }) => op === "del").map(({ id }) => id));
    if (come.length || changed.length || waiting !== this.#waiting) this.#tell("updates", { added, changed, loaded, waiting });
    this.#waiting = waiting;
    if (removed.length) this.#tell("removed", { ids: removed });
    this.page.alerts?.look();
    const arrived = added.map((id) => /** @type {HTMLElement} */ (timeline.feed.article(id)));
    const onTop = arrived.filter((article) => article.classList.contains("new") && Number(article.dataset.order) > newest);
    this.slots.look(onTop.sort((a, b) => Number(a.dataset.order) - Number(b.dataset.order)));
  }

  #look() {
    const { root, status } = this.page;
    const { is: connection, connected } = status.line.dataset;
    const detail = { status: root.dataset.status, sensitive: "sensitive" in root.dataset, connection, connected: connected === "true" };
    if (JSON.stringify(detail) !== this.#status) this.#tell("status", detail);
    this.#status = JSON.stringify(detail);
    this.slots.look();
  }

  #articles() {
    const { articles } = this.page.timeline.feed;
    return new Map(articles.map(({ dataset }) => [String(dataset.id), Number(dataset.seq)]));
  }

  /** Whether the newsroom has brought an entry, and not the reader, who loads older ones. @param {string} id */
  #isNews(id) {
    const { store, root } = this.page;
    const { seq = 0, kind = "", at = "" } = /** @type {Partial<Live.EntryPut>} */ (store.get(id) ?? {});
    const isLater = Date.parse(at) > Date.parse(root.dataset.now ?? "");
    return seq > Number(root.dataset.seq) && (isLater || ["publish", "restore"].includes(kind));
  }

  /** @param {string} id */
  #isRemoved(id) {
    return this.page.store.get(id)?.op === "del";
  }

  /** An event that reaches `document`. A listener that fails harms nothing: browsers report its exception.
   * @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.page.root.dispatchEvent(new CustomEvent(`liveblog:${name}`, { bubbles: true, detail: { event: this.event, ...detail } }));
  }
}

/** @param {HTMLElement | undefined} article */
const orderOf = (article) => Number(article?.dataset.order ?? -1);
