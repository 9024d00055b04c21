import { timing } from "../live/backoff.js";
import { Connection } from "../live/connection.js";
import { Presence } from "../live/page_visibility.js";
import { Store, Stream } from "../live/sequence.js";
import { focusOn } from "./entry.js";
import { Headline } from "./page_header.js";
import { remembered } from "./device_storage.js";
import { keepsOrder, prefer } from "./reading_order.js";
import { Pending } from "./pending.js";
import { Strings } from "./strings.js";
import { Timeline } from "./timeline.js";
import { Pause, Status } from "./status_line.js";

/** For optional features: after a release their code may be gone, and then they are left out. */
const ignore = () => {};

/** The most entries that one page holds, unless the reader is looking at them. */
const MOST = 200;

const PRESSED = "[data-more], [data-player], [data-order-link], [data-share], [data-zoom], [data-help], [data-fold]";

/** `code` covers keyboards of other scripts, where `key` is another letter. */
const KEY = /^([jk?؟]|Key[JK]|Home)$/;

/** The page of an event: passes what the stream delivers to the parts of the page that show it. */
export class Page {
  /** @type {import("../live/page_renewal.js").Renewal | undefined} */
  renewal;
  /** When the reader last looked at this event, if ever. @type {Live.Visit | null} */
  visit = null;
  /** Loaded after everything else, because the page already shows absolute times.
   * @type {import("./clock.js").Clock | undefined} */
  clock;
  /** What the last frame told about the audience. @type {Live.Room | undefined} */
  told;
  /** How many pages of entries have been loaded into this one. */
  sheets = 1;
  #life = new AbortController();
  #renewing = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    const { epoch = "", seq, socket = "", changes = "", home = "" } = root.dataset;
    const strings = (this.strings = new Strings());
    this.root = root;
    this.changes = changes;
    this.timing = timing(root.dataset);
    this.store = new Store();
    this.stream = new Stream(epoch, Number(seq), this);
    this.headline = new Headline(root, strings);
    this.timeline = new Timeline(root, this.store, strings, this);
    this.pending = new Pending(root, strings, () => this.timeline.reveal(), home);
    this.pause = new Pause(root, strings, (paused) => this.timeline.pause(paused));
    this.status = new Status(root, strings, this.pause.button, () => this.connection.seen());
    const report = (/** @type {Live.Contact} */ contact) => this.status.contact(contact);
    this.connection = new Connection(this.stream, { socket, changes }, this.timing, report);
    this.presence = new Presence(this.timing.hiddenClose, this);
  }

  connect() {
    if (!keepsOrder(this.root)) return;
    document.addEventListener("visibilitychange", this);
    this.#returned(true);
    this.pending.connect();
    this.pause.connect();
    this.presence.connect();
    this.root.addEventListener("click", this);
    this.root.toggleAttribute("data-can-send", !!navigator.share);
    const { feed } = this.timeline;
    const asked = this.root.dataset.view === "permalink" ? feed.newest : feed.article(location.hash.slice(2));
    if (asked) focusOn(asked);
    document.addEventListener("keydown", this);
    this.connection.start(this.root.dataset.status ?? "");
    import("./clock.js").then(({ start }) => start(this, this.#life.signal), ignore);
  }

  disconnect() {
    this.pending.disconnect();
    this.pause.disconnect();
    this.clock?.disconnect();
    this.presence.disconnect();
    this.root.removeEventListener("click", this);
    document.removeEventListener("keydown", this);
    document.removeEventListener("visibilitychange", this);
    this.connection.stop();
    this.status.disconnect();
    this.#life.abort();
  }

  /** @param {Live.Item[]} items @param {number} count @param {number} at */
  deliver(items, count, at) {
    this.timeline.deliver(items);
    this.headline.count(count, at);
  }

  /** @param {number} told */
  behind(told) {
    this.connection.catchUp.ask(told);
  }

  /** @param {Live.Room} told */
  room(told) {
    this.told = told;
    import("./audience.js").then(({ tell }) => tell(this, this.#life.signal), ignore);
  }

  /** @param {Live.Ops} frame */
  asked(frame) {
    import("./receipt.js").then(({ confirm }) => confirm(this, frame, this.#life.signal), ignore);
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
    const codes = await needed.catch(() => location.reload());
    if (codes) {
      const [{ renew }, { Renewal }] = codes;
      await renew(this, (this.renewal ??= new Renewal(this.timing)), epoch, this.#life.signal);
    }
    this.#renewing = false;
    if (!this.#life.signal.aborted) this.resume("renewing");
  }

  /** @param {HTMLElement} sheet the page as it came anew */
  renewed(sheet) {
    this.headline.adopt(sheet.ownerDocument.title);
    this.root.toggleAttribute("data-sensitive", sheet.hasAttribute("data-sensitive"));
    this.status.event(sheet.querySelector('[data-part="watch-state"]'));
    this.settled(0, 0);
  }

  /** @param {Live.EventPut} item */
  event(item) {
    this.root.dataset.status = item.status;
    this.root.toggleAttribute("data-sensitive", !!item.sensitive);
    this.status.event(this.headline.take(item));
    if (this.told) this.room(this.told); // the new head does not contain it
  }

  /** Call after the entries on the page or behind the button have changed.
   * @param {number} waiting @param {number} arrived */
  settled(waiting, arrived) {
    const { paused, feed } = this.timeline;
    this.pending.show(paused ? 0 : waiting);
    if (!paused) this.pending.announce(arrived);
    this.status.pause(paused, waiting);
    this.headline.wait(waiting);
    const { newest } = feed;
    if (this.root.dataset.view === "first") this.headline.latest(newest);
    if (!newest) this.headline.forget();
    this.clock?.write();
    if (arrived) this.#mark();
    if (feed.articles.length > MOST) import("./load_more.js").then(({ bound }) => bound(this, MOST), ignore);
  }

  #mark(anew = false) {
    if (this.visit) import("./last_visit.js").then(({ mark }) => this.visit && mark(this, this.visit, anew), ignore);
  }

  /** Remembers the newest entry when the page is hidden, and marks what is newer when the reader returns.
   * @param {boolean} anew on a page that was just opened */
  #returned(anew) {
    const { view, order, filter, changes } = this.root.dataset;
    if (view !== "first" || order || filter) return;
    const key = `seen ${changes}`;
    const { newest } = this.timeline.feed;
    if (!document.hidden) {
      this.visit = remembered((storage) => JSON.parse(storage.getItem(key) ?? "null")) ?? null;
      this.#mark(anew);
    } else if (newest) {
      const visit = { order: Number(newest.dataset.order), at: Date.now() };
      remembered((storage) => storage.setItem(key, JSON.stringify(visit)));
    }
  }

  /** Without scripts, “Load more updates” and “Play video” are links. Code that few readers need is loaded on the
   * click; after a release it may be gone, and then the link is followed.
   * @param {Event} happened */
  handleEvent(happened) {
    const event = /** @type {KeyboardEvent & {target: Element}} */ (happened);
    const { type, target, key, code, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (type === "visibilitychange") return this.#returned(false);
    if (ctrlKey || metaKey || altKey) return;
    if (type === "keydown") {
      if (KEY.test(key) || KEY.test(code)) import("./shortcuts.js").then(({ press }) => press(this, event), ignore);
      return;
    }
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest(PRESSED));
    if (!link || shiftKey) return;
    if (link.dataset.orderLink) return prefer(link.dataset.orderLink);
    event.preventDefault();
    const follow = () => link.href && location.assign(link.href);
    import("./click_actions.js").then(({ press }) => press(this, link, this.#life.signal)).catch(follow);
  }
}
