import { timing } from "../live/backoff.js";
import { Connection } from "../live/connection.js";
import { PageVisibility } from "../live/page_visibility.js";
import { Store, Stream } from "../live/sequence.js";
import { focusOn } from "./entry.js";
import { PageHeader } from "./page_header.js";
import { withStorage } from "./device_storage.js";
import { showsPreferredOrder, rememberOrder } from "./reading_order.js";
import { Pending } from "./pending.js";
import { ScrollAnchor } from "./scroll_anchor.js";
import { Strings } from "./strings.js";
import { Timeline } from "./timeline.js";
import { PauseButton, StatusLine } from "./status_line.js";

/** For optional features: after a release their code may be gone, and then they are left out. */
const ignore = () => {};

/** The most entries that one page holds, unless the reader is looking at them. */
const MAX_ENTRIES = 200;

const CLICKABLE = "[data-more], [data-player], [data-order-link], [data-share], [data-zoom], [data-help], [data-fold], [data-clocks], [data-notify]";

/** `code` covers keyboards of other scripts, where `key` is another letter. */
const KEY = /^([jknh]|Key[JKNH])$/;

/** The page of an event: passes what the stream delivers to the parts of the page that show it. */
export class Page {
  /** @type {import("../live/page_renewal.js").PageRenewal | undefined} */
  renewal;
  /** When the reader last looked at this event, if ever. @type {Live.Visit | null} */
  visit = null;
  /** Loaded after everything else, because the page already shows absolute times.
   * @type {import("./clock.js").Clock | undefined} */
  clock;
  /** Folds long entries that have come. @type {(() => void) | undefined} */
  fold;
  /** Tells the scripts of the site around the page. @type {{ changed(): void } | undefined} */
  siteEvents;
  /** Shows notifications of key events. @type {{ look(): void } | undefined} */
  alerts;
  /** The audience as of the last frame. @type {Live.Audience | undefined} */
  lastAudience;
  /** How many pages of entries have been loaded into this one. */
  loadedPages = 1;
  #life = new AbortController();
  #renewing = false;
  /** Loaded for readers who were here before, and when something is behind the button.
   * @type {typeof import("./last_visit.js") | undefined} */
  #marks;
  /** When nothing was behind the button for the last time. */
  #heldSince = Date.now();

  /** @param {HTMLElement} root */
  constructor(root) {
    const { epoch = "", seq, socket = "", changes = "", home = "" } = root.dataset;
    const strings = (this.strings = new Strings());
    this.root = root;
    this.changes = changes;
    this.timing = timing(root.dataset);
    this.store = new Store();
    this.stream = new Stream(epoch, Number(seq), this);
    this.header = new PageHeader(root, strings);
    this.anchor = new ScrollAnchor();
    this.timeline = new Timeline(root, this.store, strings, this, this.anchor);
    this.pending = new Pending(root, strings, () => this.timeline.reveal(), home);
    this.pause = new PauseButton(root, strings, (paused) => this.timeline.pause(paused));
    this.status = new StatusLine(root, strings, this.pause.button, () => this.connection.seen());
    const report = (/** @type {Live.Contact} */ contact) => this.status.contact(contact);
    this.connection = new Connection(this.stream, { socket, changes }, this.timing, report);
    this.visibility = new PageVisibility(this.timing.hiddenClose, this);
  }

  connect() {
    if (!showsPreferredOrder(this.root)) return;
    const { signal } = this.#life;
    this.connection.start(this.root.dataset.status ?? ""); // first, as nothing below may prevent it
    document.addEventListener("visibilitychange", this, { signal });
    this.anchor.connect(signal);
    this.#rememberVisit();
    this.pending.connect();
    this.pause.connect();
    this.visibility.connect();
    this.root.addEventListener("click", this, { signal });
    this.root.toggleAttribute("data-can-send", !!navigator.share);
    addEventListener("hashchange", this, { signal });
    this.#goToEntry();
    document.addEventListener("keydown", this, { signal });
    const folding = Promise.all([import("./fold.js"), this.anchor.loaded]);
    folding.then(([{ start }]) => start(this, signal), () => this.#showAll());
    import("./clock.js").then(({ start }) => start(this, signal), ignore);
    import("./site_events.js").then(({ start }) => start(this, signal), ignore);
  }

  disconnect() {
    this.pending.disconnect();
    this.pause.disconnect();
    this.clock?.disconnect();
    this.visibility.disconnect();
    this.connection.stop();
    this.status.disconnect();
    this.#life.abort();
  }

  /** @param {Live.Item[]} items @param {number} count @param {number} at */
  deliver(items, count, at) {
    this.timeline.deliver(items);
    this.header.count(count, at);
  }

  /** @param {number} head */
  behind(head) {
    this.connection.catchUp.ask(head);
  }

  /** @param {Live.Audience} audience */
  audience(audience) {
    this.lastAudience = audience;
    import("./audience.js").then(({ showAudience }) => showAudience(this, this.#life.signal), ignore);
  }

  /** @param {Live.Ops} frame */
  confirm(frame) {
    import("./receipt.js").then(({ sendReceipt }) => sendReceipt(this, frame, this.#life.signal), ignore);
  }

  /** @param {Live.Halt} reason */
  halt(reason) {
    this.connection.halt(reason);
  }

  /** @param {Live.Halt} reason */
  resume(reason) {
    this.connection.resume(reason);
  }

  /** Shows what arrived while the page was hidden. */
  seen() {
    this.connection.seen();
    this.timeline.show([]);
  }

  /** @param {string} epoch */
  async renew(epoch) {
    if (this.#renewing) return;
    this.#renewing = true;
    this.halt("renewing");
    const needed = Promise.all([import("./load_more.js"), import("../live/page_renewal.js")]);
    const modules = await needed.catch(() => location.reload());
    if (modules) {
      const [{ renew }, { PageRenewal }] = modules;
      await renew(this, (this.renewal ??= new PageRenewal(this.timing)), epoch, this.#life.signal);
    }
    this.#renewing = false;
    if (!this.#life.signal.aborted) this.resume("renewing");
  }

  /** @param {HTMLElement} fresh the page after reloading */
  renewed(fresh) {
    this.header.adopt(fresh.ownerDocument.title);
    this.root.toggleAttribute("data-sensitive", fresh.hasAttribute("data-sensitive"));
    this.status.event(fresh.querySelector('[data-part="watch-state"]'));
    this.settled(0, 0);
  }

  /** @param {Live.EventPut} item */
  event(item) {
    this.root.dataset.status = item.status;
    this.root.toggleAttribute("data-sensitive", !!item.sensitive);
    this.status.event(this.header.take(item));
    if (this.lastAudience) this.audience(this.lastAudience); // the new head does not contain it
  }

  /** Call after the entries on the page or behind the button have changed.
   * @param {number} waiting @param {number} arrived */
  settled(waiting, arrived) {
    const { paused, feed } = this.timeline;
    if (!waiting) this.#heldSince = Date.now();
    this.pending.show(paused ? 0 : waiting);
    if (!paused) this.pending.announce(arrived);
    this.status.pause(paused, waiting);
    this.header.wait(waiting);
    const { newest } = feed;
    const { view } = this.root.dataset;
    if (view === "first") this.header.latest(newest);
    if (view === "permalink") this.header.entry(newest);
    this.clock?.write();
    this.fold?.();
    this.siteEvents?.changed();
    if (waiting) this.#mark(ignore); // the press on the button shall not wait for it
    if (arrived) this.#markNew();
    if (feed.articles.length > MAX_ENTRIES) import("./load_more.js").then(({ dropOldest }) => dropOldest(this, MAX_ENTRIES), ignore);
  }

  /** Call within a change of the page. @param {HTMLElement[]} fresh what the reader has brought from behind the button */
  revealed(fresh) {
    const at = this.#heldSince;
    const read = this.timeline.feed.articles.filter((article) => !fresh.includes(article));
    if (this.visit && fresh[0]) this.visit = { order: Math.max(0, ...read.map(({ dataset }) => Number(dataset.order))), at };
    this.#mark(({ markEnd }) => markEnd(this, fresh, at));
  }

  /** Unfolds everything, where the code that folds and unfolds cannot be loaded. */
  #showAll() {
    this.root.dataset.unfolded = "";
  }

  /** Focuses the entry that the address names. If it is not on this page, it has gone to an older one, and its own page
   * shows it. */
  #goToEntry() {
    const { view, changes = "" } = this.root.dataset;
    const { feed } = this.timeline;
    const [, id] = location.hash.match(/^#u(\w{10})$/) ?? [];
    const article = view === "permalink" ? feed.newest : feed.article(id ?? "");
    if (article) focusOn(article);
    else if (id) location.replace(changes.replace(/[^/]*$/, `${id}/`));
  }

  #markNew() {
    if (this.visit) this.#mark(({ markNew }) => this.visit && markNew(this, this.visit));
  }

  /** Call within a change of the page: the marks belong to it, unless their code must be loaded first.
   * @param {(marks: typeof import("./last_visit.js")) => void} mark */
  async #mark(mark) {
    if (this.#marks) return mark(this.#marks);
    const marks = await import("./last_visit.js").catch(ignore);
    if (!marks) return;
    this.#marks = marks;
    await this.anchor.standstill();
    this.anchor.hold(() => mark(marks));
  }

  /** Remembers the newest entry when the page is hidden, and marks what is newer when the reader returns. */
  #rememberVisit() {
    const { view, order, filter, changes } = this.root.dataset;
    if (view !== "first" || order || filter) return;
    const key = `seen ${changes}`;
    const { newest } = this.timeline.feed;
    if (!document.hidden) {
      this.visit = withStorage((storage) => JSON.parse(storage.getItem(key) ?? "null")) ?? null;
      this.anchor.hold(() => this.#markNew());
    } else if (newest) {
      const visit = { order: Number(newest.dataset.order), at: Date.now() };
      withStorage((storage) => storage.setItem(key, JSON.stringify(visit)));
    }
  }

  /** Without scripts, “Load more updates” and “Play video” are links. Code that few readers need is loaded on the
   * click; after a release it may be gone, and then the link is followed, or the text unfolded.
   * @param {Event} anyEvent */
  handleEvent(anyEvent) {
    const event = /** @type {KeyboardEvent & {target: Element}} */ (anyEvent);
    const { type, target, key, code, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (type === "visibilitychange") return this.#rememberVisit();
    if (type === "hashchange") return this.#goToEntry();
    if (ctrlKey || metaKey || altKey) return;
    if (type === "keydown") {
      if (KEY.test(key) || KEY.test(code)) import("./shortcuts.js").then(({ onKey }) => onKey(this, event), ignore);
      return;
    }
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest(CLICKABLE));
    if (!link || shiftKey) return;
    if (link.dataset.orderLink) return rememberOrder(link.dataset.orderLink);
    event.preventDefault();
    const follow = () => (link.href ? location.assign(link.href) : link.dataset.fold && this.#showAll());
    import("./click_actions.js").then(({ onClick }) => onClick(this, link, this.#life.signal)).catch(follow);
  }
}
