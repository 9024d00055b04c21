import { between, timing, wait } from "../live/backoff.js";
import { Connection } from "../live/connection.js";
import { PageRenewal } from "../live/page_renewal.js";
import { PageVisibility } from "../live/page_visibility.js";
import { Store, Stream } from "../live/sequence.js";
import { shield } from "../live/shield.js";
import { parse } from "../html.js";
import { sendReceipt } from "../page/receipt.js";
import { Rows } from "./rows.js";
import { SectionHead } from "./section_head.js";

const CACHED = 3; // seconds

/** Keeps a section up to date that the server wrote: in the framed page, and in the element on other sites' pages. */
export class LiveSection {
  /** Ids of new updates that wait because the reader is in the middle of the section. @type {Set<string>} */
  #waiting = new Set();
  #life = new AbortController();
  #busy = false;
  /** Parts of the section that are in view. @type {Set<Element>} */
  #inView = new Set();

  /** @param {HTMLElement} root @param {string} origin of the server that has sent it, whatever its own name is
   * @param {(signal: AbortSignal) => Promise<Live.Reply<HTMLElement>>} fetchFresh
   * @param {(signal: AbortSignal) => unknown} checkSites is called after the live blog itself, and perhaps the list of
   * sites that may embed it, has changed */
  constructor(root, origin, fetchFresh, checkSites) {
    const { epoch = "", seq } = root.dataset;
    const [socket, changes] = [root.dataset.socket, root.dataset.changes].map((address = "") => origin + new URL(address).pathname);
    this.root = root;
    this.changes = changes;
    this.fetchFresh = fetchFresh;
    this.checkSites = checkSites;
    this.timing = timing(root.dataset);
    this.store = new Store();
    this.rows = new Rows(root);
    this.head = new SectionHead(root, () => this.#reveal());
    this.stream = new Stream(epoch, Number(seq), this);
    const report = (/** @type {Live.Contact} */ contact) => this.head.contact(contact);
    this.connection = new Connection(this.stream, { socket, changes }, this.timing, report);
    this.renewal = new PageRenewal(this.timing);
    this.visibility = new PageVisibility(this.timing.hiddenClose, this);
  }

  connect() {
    for (const row of this.rows.all) this.store.take(itemOf(row));
    this.rows.markDays();
    this.connection.start(this.root.dataset.status ?? "");
    this.visibility.connect();
    const observer = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) this.#inView[isIntersecting ? "add" : "delete"](target);
    });
    observer.observe(this.root);
    observer.observe(this.head.top);
    this.#life.signal.addEventListener("abort", () => observer.disconnect());
  }

  disconnect() {
    this.visibility.disconnect();
    this.connection.stop();
    this.#life.abort();
  }

  /** @param {Live.Item[]} items */
  deliver(items) {
    const mayMove = this.#mayMove();
    for (const item of items) if (this.store.take(item)) shield(() => this.#apply(item, mayMove));
    this.#settle();
  }

  /** @param {number} head */
  behind(head) {
    this.connection.catchUp.ask(head);
  }

  audience() {}

  /** @param {Live.Ops} frame */
  confirm(frame) {
    if (!this.rows.isList) sendReceipt(this, frame, this.#life.signal);
  }

  /** @param {Live.Halt} reason */
  halt(reason) {
    this.connection.halt(reason);
  }

  /** @param {Live.Halt} reason */
  resume(reason) {
    this.connection.resume(reason);
  }

  seen() {
    this.connection.seen();
    this.rows.markDays();
  }

  /** @param {string} epoch */
  async renew(epoch) {
    const { signal } = this.#life;
    this.halt("renewing");
    const fetchPage = async () => {
      const reply = await this.fetchFresh(signal);
      return { ...reply, answer: reply.answer && [reply.answer] };
    };
    const { answer, gone } = await this.renewal.run(fetchPage, this.stream.epoch, epoch, signal);
    if (answer?.[0]) this.#adopt(answer[0]);
    if (gone) this.halt("gone");
    else if (!signal.aborted) this.resume("renewing");
  }

  /** Begins anew with a section of another epoch. @param {HTMLElement} fresh */
  #adopt(fresh) {
    this.store.clear();
    this.#waiting.clear();
    this.stream.epoch = fresh.dataset.epoch ?? "";
    this.stream.seq = Number(fresh.dataset.seq);
    this.rows.place.replaceChildren();
    this.#fill(fresh);
  }

  /** Shows rows that a fresh section has, except those of which this page knows a newer state.
   * @param {HTMLElement} fresh */
  #fill(fresh) {
    this.root.toggleAttribute("data-more", fresh.dataset.more !== undefined);
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (fresh.querySelectorAll("[data-entries] > [data-id]"))) {
      const item = itemOf(row);
      const isKnown = !this.store.take(item) && this.store.get(item.id)?.seq !== item.seq;
      if (!isKnown && !this.#waiting.has(item.id) && !this.rows.get(item.id)) this.rows.put(item);
    }
    if (Number(fresh.dataset.seq) >= this.stream.seq) this.head.adopt(fresh);
    this.#settle();
  }

  /** @param {Live.Item} item @param {boolean} mayMove */
  #apply(item, mayMove) {
    if (item.id === "event") return this.#applyEvent(/** @type {Live.EventPut} */ (item));
    const entry = /** @type {Live.Entry} */ (item);
    const { update } = this.root.dataset;
    if (update && update !== entry.id) return;
    const row = this.rows.get(entry.id);
    this.#waiting.delete(entry.id);
    if (entry.op === "del" && (!entry.html || this.rows.isList)) row?.remove();
    else if (row) this.rows.put(entry);
    else if (entry.op === "del" || !(update || this.rows.hasRoom(entry.order))) return;
    else if (mayMove || update) this.rows.put(entry).classList.toggle("new", entry.kind === "publish");
    else this.#waiting.add(entry.id);
  }

  /** @param {Live.EventPut} item */
  #applyEvent(item) {
    const hasChanged = item.status !== this.root.dataset.status;
    this.head.event(item, parse(item.html));
    if (hasChanged) this.#refill();
    void this.#checkSitesSoon();
  }

  /** Waits first: many pages do so at once, and a shared cache may keep the old response for three seconds. */
  async #checkSitesSoon() {
    const { signal } = this.#life;
    if (!(await wait(between(CACHED, CACHED + this.timing.spread), signal))) return;
    try {
      await this.checkSites(signal);
    } catch {
      // Offline. The next change of the live blog leads to another check.
    }
  }

  /** Call after rows have changed. */
  #settle() {
    const { rows, root } = this;
    rows.trim();
    rows.markDays();
    this.head.wait(this.#waiting.size, rows.all.length);
    if (rows.all.length + this.#waiting.size < rows.limit && root.dataset.more !== undefined) this.#refill();
  }

  /** Fetches what stands below, when a removal has made room for it. Many pages do so at once, so each waits a little. */
  async #refill() {
    const { signal } = this.#life;
    if (this.#busy) return;
    this.#busy = true;
    const isDue = await wait(between(0, this.timing.spread), signal);
    const { answer } = isDue ? await this.fetchFresh(signal) : { answer: undefined };
    this.#busy = false;
    if (signal.aborted || answer?.dataset.epoch !== this.stream.epoch) return;
    this.#fill(/** @type {HTMLElement} */ (answer));
  }

  #reveal() {
    for (const id of this.#waiting) this.rows.put(/** @type {Live.Entry} */ (this.store.get(id))).classList.add("new");
    this.#waiting.clear();
    this.#settle();
    this.head.top.scrollIntoView({ block: "nearest" });
    const first = this.rows.place.querySelector("a");
    first?.focus({ preventScroll: true });
  }

  /** New rows push down what is below them. They wait while the reader looks at the middle of the section, has selected
   * something or watches a film; headlines never wait. */
  #mayMove() {
    const { root, rows } = this;
    if (rows.isList || document.hidden) return true;
    const selection = getSelection();
    const isPlaying = [...rows.place.querySelectorAll("video, iframe")].some((film) => !(film instanceof HTMLVideoElement && film.paused));
    if (isPlaying || rows.place.matches(":focus-within") || !(selection?.isCollapsed ?? true)) return false;
    return !this.#inView.has(root) || this.#inView.has(this.head.top);
  }
}

/** The item that a row shows. @param {HTMLElement} row @returns {Live.EntryPut} */
function itemOf(row) {
  const { id = "", seq, order, kind = "" } = row.dataset;
  const unused = { pinned: false, key: false, at: "", title: "", note: "" };
  return { ...unused, op: "put", id, seq: Number(seq), order: Number(order), kind, html: row.outerHTML };
}
