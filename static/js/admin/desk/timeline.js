import { parse } from "../../html.js";
import { redraw } from "../redraw.js";
import { ask } from "../server_request.js";
import { translate } from "../strings.js";
import { DeskNotice } from "./notice.js";
import { DeskPresence } from "./presence.js";
import { DeskSocket } from "./socket.js";
import { RowActions } from "./row_actions.js";
import { RowMoving } from "./row_moving.js";
import { RowList } from "./row_list.js";
import { unfoldRows } from "./unfolding.js";

const OLD = 600_000; // ms after which the desk is refreshed though nothing has changed: notices may depend on time
const PAUSE = 250; // ms between two requests, so that a burst of changes is one request

/** Keeps the timeline live: a socket reports that the desk has changed, then the changed rows are requested. The
 * response fits the filters shown. Without a socket the server is asked every few seconds. */
export class DeskTimeline extends HTMLElement {
  list = new RowList(this);
  notice = new DeskNotice();
  socket = new DeskSocket(this, (head) => this.#onHead(head));
  /** @type {RowActions | undefined} */
  actions;
  /** @type {DeskPresence | undefined} */
  presence;
  #stop = new AbortController();
  #requesting = false;
  #shown = 0; // lists so far
  #timer = 0;
  #knownHead = 0;
  #requestedAt = performance.now();

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("click", this.#onClick, { signal });
    this.querySelector("[data-find]")?.addEventListener("submit", this.#onSearch, { signal });
    document.addEventListener("composer:sent", () => this.refresh(), { signal });
    this.notice.watch(signal);
    this.socket.open(signal);
    this.actions = new RowActions(this, () => this.refresh(), signal);
    this.presence = new DeskPresence(this, signal);
    unfoldRows(this, signal);
    new RowMoving(this, (row, address, above) => void this.actions?.move(row, address, above), signal);
    this.list.scrollToLinked();
  }

  disconnectedCallback() {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  get head() {
    return Number(this.dataset.head);
  }

  /** @param {number} head of the desk; 0 if unknown */
  #onHead(head) {
    this.#knownHead = Math.max(this.#knownHead, head);
    if (!head || head > this.head || performance.now() - this.#requestedAt > OLD) this.refresh();
  }

  /** Request the changes soon, once for several calls. */
  refresh() {
    this.#timer ||= Number(setTimeout(() => void this.#request(), this.#requesting ? PAUSE : 0));
  }

  async #request() {
    this.#timer = 0;
    if (this.#requesting) return this.refresh();
    this.#requesting = true;
    this.#requestedAt = performance.now();
    const shown = this.#shown;
    try {
      const query = new URLSearchParams(location.search);
      query.set("after", this.dataset.head ?? "");
      const response = await ask(`${this.dataset.changes}?${query}`);
      if (response.head === undefined) return;
      if (shown !== this.#shown) return this.refresh(); // it is about rows that are no longer asked for
      if (response.again && !(await this.#load(location.search))) return; // the rows are still missing
      if (!response.again) this.list.update(response);
      this.dataset.head = String(Math.max(this.head, response.head));
      this.#showAround(response);
    } finally {
      this.#requesting = false;
    }
    if (this.#knownHead > this.head) this.refresh();
  }

  /** Update what surrounds the rows. @param {any} response */
  #showAround(response) {
    const shows = /** @type {HTMLElement} */ (this.querySelector("[data-shows]"));
    if (response.filters !== undefined && shows.innerHTML !== response.filters) redraw(shows, parse(response.filters));
    const top = document.querySelector("[data-top]");
    if (response.top && top) redraw(top, parse(response.top));
    const count = document.querySelector("[data-entry-count]");
    if (response.count && count) count.textContent = response.count;
    if (response.title) rename(response.title);
    if (response.submitted !== undefined) countInTitle(response.submitted);
    this.presence?.mark();
    this.actions?.putDetachedAside();
    if (response.news) this.notice.confirm(response.news);
    if (response.done) this.notice.showLast(response.done);
    if (response.event) document.dispatchEvent(new Event("desk:event"));
  }

  #onClick = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-in-place], a[data-earlier]"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches("[data-earlier]")) void this.#loadEarlier(link);
    else void this.show(new URL(link.href).search);
  };

  #onSearch = (/** @type {Event} */ event) => {
    event.preventDefault();
    const sent = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const query = new URLSearchParams();
    for (const [name, value] of sent) if (value) query.set(name, String(value));
    void this.show(`?${query}`);
  };

  /** Show the rows for a query string without leaving the page. @param {string} search */
  async show(search) {
    this.#shown += 1;
    const there = location.pathname.endsWith("/desk/") ? location.pathname : "";
    if (there) history.replaceState(null, "", there + (search === "?" ? "" : search));
    if (!(await this.#load(search))) return;
    this.notice.show("");
    this.list.scrollToLinked();
  }

  /** @param {string} search */
  async #load(search) {
    this.setAttribute("aria-busy", "true");
    const response = await ask(`${this.dataset.timeline}${search}`);
    this.removeAttribute("aria-busy");
    if (response.html === undefined) return this.showError(response.reason ?? translate("no_line"));
    this.dataset.head = String(response.head);
    this.list.replace(response.html);
    this.#showAround(response);
    return true;
  }

  /** @param {HTMLAnchorElement} link */
  async #loadEarlier(link) {
    const response = await ask(`${this.dataset.timeline}${new URL(link.href).search}`);
    if (response.html === undefined) return this.showError(response.reason ?? translate("no_line"));
    this.list.append(response.html);
    this.presence?.mark();
    link.hidden = response.earlier === "";
    link.href = response.earlier;
  }

  /** @param {string} text */
  showError(text) {
    this.notice.error(text);
    return false;
  }
}

/** Show the number of submitted updates in the tab's title. @param {number} submitted */
function countInTitle(submitted) {
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (submitted) document.title = `(${submitted}) ${document.title}`;
}

/** Show the new title of the live blog. @param {string} title */
function rename(title) {
  const titles = document.querySelectorAll("[data-event-title]");
  const before = titles[0]?.textContent ?? "";
  if (!before || before === title) return;
  document.title = document.title.replace(before, () => title);
  for (const each of titles) each.textContent = title;
}
