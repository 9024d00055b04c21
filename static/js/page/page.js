import { timing } from "../live/backoff.js";
import { Connection } from "../live/connection.js";
import { Presence } from "../live/presence.js";
import { Renewal } from "../live/renewal.js";
import { Store, Stream } from "../live/sequence.js";
import { Clock } from "./clock.js";
import { Headline } from "./furniture.js";
import { keepsOrder, prefer } from "./order.js";
import { Pending } from "./pending.js";
import { Strings } from "./strings.js";
import { Timeline } from "./timeline.js";
import { Pause, Status } from "./watch.js";

/** The page of an event: what comes in by the stream goes to the parts of the page that show it. */
export class Page {
  /** How many pages of entries are on this one. */
  sheets = 1;
  #life = new AbortController();
  #busy = false;
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
    this.renewal = new Renewal(this.timing);
    this.presence = new Presence(this.timing.hiddenClose, this);
    this.clock = new Clock(root, strings.get("now"));
  }

  connect() {
    if (!keepsOrder(this.root)) return;
    this.pending.connect();
    this.pause.connect();
    this.clock.connect();
    this.presence.connect();
    this.root.addEventListener("click", this);
    this.connection.start(this.root.dataset.status ?? "");
  }

  disconnect() {
    this.pending.disconnect();
    this.pause.disconnect();
    this.clock.disconnect();
    this.presence.disconnect();
    this.root.removeEventListener("click", this);
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

  /** @param {Live.Halt} reason */
  halt(reason) {
    this.connection.halt(reason);
  }

  /** @param {Live.Halt} reason */
  resume(reason) {
    this.connection.resume(reason);
  }

  /** What came while nobody looked may go in now. */
  seen() {
    this.connection.seen();
    this.timeline.show([]);
  }

  /** @param {string} epoch */
  async renew(epoch) {
    if (this.#renewing) return;
    this.#renewing = true;
    this.halt("renewing");
    const code = await import("./sheets.js").catch(() => location.reload());
    await code?.renew(this, epoch, this.#life.signal);
    this.#renewing = false;
    if (!this.#life.signal.aborted) this.resume("renewing");
  }

  /** @param {HTMLElement} sheet the page as it came anew */
  renewed(sheet) {
    this.headline.adopt(sheet.ownerDocument.title);
    this.status.event(sheet.querySelector('[data-part="watch-state"]'));
    this.settled(0, 0);
  }

  /** @param {Live.EventPut} item */
  event(item) {
    this.root.dataset.status = item.status;
    this.status.event(this.headline.take(item));
  }

  /** The entries on the page or behind the button changed. @param {number} waiting @param {number} arrived */
  settled(waiting, arrived) {
    const { paused, feed } = this.timeline;
    this.pending.show(paused ? 0 : waiting);
    if (!paused) this.pending.announce(arrived);
    this.status.pause(paused, waiting);
    this.headline.wait(waiting);
    const { newest } = feed;
    if (this.root.dataset.view === "first") this.headline.latest(newest);
    if (!newest) this.headline.forget();
    this.clock.write();
  }

  /** “Load more updates” and “Play video” are links without scripts. @param {Event} event */
  handleEvent(event) {
    const { target, ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent & {target: Element}} */ (event);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("[data-more], [data-player], [data-order-link]"));
    if (!link || ctrlKey || metaKey || shiftKey) return;
    if (link.dataset.orderLink) return void prefer(link.dataset.orderLink);
    event.preventDefault();
    if (link.dataset.player) this.#play(link);
    else this.#loadMore(link);
  }

  /**
   * Code that few readers need is fetched when one does. After a release it may be gone: then the link is followed.
   *
   * @param {HTMLAnchorElement} link
   */
  async #play(link) {
    const code = await import("./player.js").catch(() => location.assign(link.href));
    code?.play(link);
  }

  /** @param {HTMLAnchorElement} link */
  async #loadMore(link) {
    if (this.#busy) return;
    this.#busy = true;
    const code = await import("./sheets.js").catch(() => location.assign(link.href));
    await code?.loadMore(this, link, this.#life.signal);
    this.#busy = false;
  }
}
