import { isChosen, TAB } from "./alert_choice.js";

/** While the page is hidden, shows a notification of each key event that is published.
 * It needs no push service: the open page itself receives the update, so it stays connected while it is hidden. */

/** Seconds for which a hidden page stays connected. */
const A_DAY = 86_400;

const OVER = ["ended", "cancelled"];

/** What ends the notifications. @type {(() => void) | undefined} */
let end;

/** Starts the notifications, unless they are on, the live blog is over, or the browser no longer allows them.
 * @param {Live.Page} page @param {AbortSignal} signal ends with the page */
export function start(page, signal) {
  const { root, visibility } = page;
  if (end || signal.aborted || OVER.includes(root.dataset.status ?? "") || Notification.permission !== "granted") return;
  const wait = visibility.hiddenClose;
  const ending = new AbortController();
  const options = { signal: ending.signal };
  page.alerts = new KeyEventNews(page);
  document.addEventListener("liveblog:status", () => OVER.includes(root.dataset.status ?? "") && stop(), options);
  addEventListener("storage", () => isChosen(TAB) || stop(), options); // turned off in another tab
  signal.addEventListener("abort", stop, options);
  stayConnected(visibility, A_DAY);
  end = () => {
    ending.abort();
    page.alerts = undefined;
    stayConnected(visibility, wait);
  };
}

export function stop() {
  end?.();
  end = undefined;
}

export function isOn() {
  return Boolean(end);
}

/** Returns whether this browser lets a page show notifications: phones leave that to service workers. */
export function canNotify() {
  try {
    new Notification("", { silent: true }).close();
    return true;
  } catch {
    return false;
  }
}

/** @param {Live.Page["visibility"]} visibility @param {number} seconds for which the page stays connected while it is hidden */
function stayConnected(visibility, seconds) {
  visibility.hiddenClose = seconds;
  if (document.hidden) visibility.handleEvent(new Event("visibilitychange")); // from now on
}

class KeyEventNews {
  /** By the id of the entry. @type {Map<string, Notification>} */
  #notifications = new Map();

  /** @param {Live.Page} page */
  constructor(page) {
    this.page = page;
    this.epoch = page.stream.epoch;
    this.seq = this.#newest(Number(page.root.dataset.seq)); // the reader has seen what is here
  }

  /** Call when the entries of the page have changed. */
  look() {
    if (this.epoch !== this.page.stream.epoch) return this.#renew();
    const entries = this.page.store.entries.filter(({ seq }) => seq > this.seq);
    this.seq = this.#newest(this.seq);
    for (const entry of entries) {
      if (entry.op === "del") this.#notifications.get(entry.id)?.close();
      else if (document.hidden && entry.key && entry.kind === "publish") this.#notify(entry);
    }
  }

  /** After a restore from a backup, numbers begin at a lower one, and entries may be missing. */
  #renew() {
    const { root, store, stream } = this.page;
    this.epoch = stream.epoch;
    this.seq = this.#newest(Number(root.dataset.seq));
    for (const [id, notification] of this.#notifications) if (store.get(id)?.op !== "put") notification.close();
  }

  /** @param {number} seq */
  #newest(seq) {
    return Math.max(seq, ...this.page.store.entries.map((entry) => entry.seq));
  }

  /** @param {Live.EntryPut} entry */
  #notify({ id, title }) {
    const heading = document.querySelector("h1")?.textContent?.trim() || location.hostname;
    const notification = new Notification(heading, { body: title, tag: id, lang: document.documentElement.lang });
    this.#notifications.set(id, notification);
    notification.addEventListener("click", () => {
      window.focus();
      this.page.timeline.reveal();
      notification.close();
    });
  }
}
