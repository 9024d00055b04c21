import { ask } from "../server_request.js";
import { say } from "../strings.js";
import { DeskCompany } from "./presence.js";
import { DeskLine } from "./socket.js";
import { RowActions } from "./row_actions.js";
import { RowList } from "./row_list.js";

const OLD = 600_000; // ms after which the desk is refreshed though nothing has changed: notices may depend on time
const PATIENT = 250; // ms between two requests, so that a burst of changes is one request

/** Keeps the timeline live: a socket reports that the desk has changed, then the changed rows are requested. The
 * response fits the filters shown. Without a socket the server is asked every few seconds. */
export class DeskTimeline extends HTMLElement {
  list = new RowList(this);
  line = new DeskLine(this, (head) => this.#moved(head));
  /** @type {RowActions | undefined} */
  actions;
  /** @type {DeskCompany | undefined} */
  company;
  #stop = new AbortController();
  #asking = false;
  #timer = 0;
  #told = 0;
  #asked = Date.now();

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("click", this.#click, { signal });
    this.querySelector("[data-find]")?.addEventListener("submit", this.#find, { signal });
    document.addEventListener("composer:sent", () => this.look(), { signal });
    this.line.open(signal);
    this.actions = new RowActions(this, () => this.look(), signal);
    this.company = new DeskCompany(this, signal);
    this.list.showFound();
  }

  disconnectedCallback() {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  get head() {
    return Number(this.dataset.head);
  }

  /** @param {number} head what the desk has come to; 0 where nobody said */
  #moved(head) {
    this.#told = Math.max(this.#told, head);
    if (!head || head > this.head || Date.now() - this.#asked > OLD) this.look();
  }

  /** Request the changes soon, once for several calls. */
  look() {
    this.#timer ||= Number(setTimeout(() => void this.#ask(), this.#asking ? PATIENT : 0));
  }

  async #ask() {
    this.#timer = 0;
    if (this.#asking) return this.look();
    this.#asking = true;
    this.#asked = Date.now();
    try {
      const asked = new URLSearchParams(location.search);
      asked.set("after", this.dataset.head ?? "");
      const told = await ask(`${this.dataset.changes}?${asked}`);
      if (told.head === undefined) return;
      if (told.again && !(await this.#fetch(location.search))) return; // the rows are still missing
      if (!told.again) this.list.take(told);
      this.dataset.head = String(Math.max(this.head, told.head));
      this.#draw(told);
    } finally {
      this.#asking = false;
    }
    if (this.#told > this.head) this.look();
  }

  /** Update what surrounds the rows. @param {any} told */
  #draw(told) {
    const shows = /** @type {HTMLElement} */ (this.querySelector("[data-shows]"));
    if (told.filters !== undefined && shows.innerHTML !== told.filters) shows.innerHTML = told.filters;
    const top = document.querySelector("[data-top]");
    if (told.top && top) top.innerHTML = told.top;
    if (told.title) rename(told.title);
    if (told.submitted !== undefined) count(told.submitted);
    this.company?.mark();
    if (told.done) showDone(this, told.done);
    if (told.event) document.dispatchEvent(new Event("desk:event"));
  }

  #click = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-in-place], a[data-earlier]"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches("[data-earlier]")) void this.#earlier(link);
    else void this.show(new URL(link.href).search);
  };

  #find = (/** @type {Event} */ event) => {
    event.preventDefault();
    const sent = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const asked = new URLSearchParams();
    for (const [name, value] of sent) if (value) asked.set(name, String(value));
    void this.show(`?${asked}`);
  };

  /** Show the rows for a query string without leaving the page. @param {string} search */
  async show(search) {
    const there = location.pathname.endsWith("/desk/") ? location.pathname : "";
    if (there) history.replaceState(null, "", there + (search === "?" ? "" : search));
    if (!(await this.#fetch(search))) return;
    this.say("");
    this.list.showFound();
  }

  /** @param {string} search */
  async #fetch(search) {
    this.setAttribute("aria-busy", "true");
    const told = await ask(`${this.dataset.timeline}${search}`);
    this.removeAttribute("aria-busy");
    if (told.html === undefined) return this.complain(told.reason ?? say("no_line"));
    this.dataset.head = String(told.head);
    this.list.replace(told.html);
    this.#draw(told);
    return true;
  }

  /** @param {HTMLAnchorElement} link */
  async #earlier(link) {
    const told = await ask(`${this.dataset.timeline}${new URL(link.href).search}`);
    if (told.html === undefined) return this.complain(told.reason ?? say("no_line"));
    this.list.append(told.html);
    this.company?.mark();
    link.hidden = told.earlier === "";
    link.href = told.earlier;
  }

  get #line() {
    return /** @type {HTMLElement} */ (this.querySelector("[data-line]"));
  }

  /** @param {string} text @param {string} [kind] what may be taken back again when it is over: see `unsay` */
  say(text, kind = "") {
    this.#line.className = "quiet";
    this.#line.dataset.line = kind;
    this.#line.textContent = text;
    return false;
  }

  /** Show an error; it stays until another message replaces it. @param {string} text */
  complain(text) {
    this.say(text);
    this.#line.className = "errornote";
    return false;
  }

  /** Remove the message if it is of that kind. @param {string} kind */
  unsay(kind) {
    if (this.#line.dataset.line === kind) this.say("");
  }
}

/** Show the last action: how many open pages show it, and its “Undo”. @param {Element} host @param {string} html */
function showDone(host, html) {
  const template = document.createElement("template");
  template.innerHTML = html; // drawn and escaped by the server
  const line = /** @type {HTMLElement | null} */ (template.content.firstElementChild);
  const before = /** @type {HTMLElement | null} */ (document.querySelector("just-done"));
  if (!line || before?.dataset.address === line.dataset.address) return;
  before?.remove();
  host.querySelector("[data-list]")?.before(line);
}

/** Show the number of submitted updates in the tab's title. @param {number} submitted */
function count(submitted) {
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (submitted) document.title = `(${submitted}) ${document.title}`;
}

/** Show the new title of the live blog. @param {string} title */
function rename(title) {
  const shown = document.querySelectorAll("[data-event-title]");
  const before = shown[0]?.textContent ?? "";
  if (!before || before === title) return;
  document.title = document.title.replace(before, () => title);
  for (const each of shown) each.textContent = title;
}
