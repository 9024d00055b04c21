import { parse } from "../../html.js";

/** The one confirmation of the desk, at the lower edge of the form: what became of the last action, naming its update.
 * It comes into view where the form is out of it. */
export class DeskNotice {
  get #line() {
    return /** @type {HTMLElement} */ (document.querySelector("[data-line]"));
  }

  /** @param {AbortSignal} signal */
  watch(signal) {
    const bar = document.querySelector("[data-bar]");
    if (!bar) return;
    const observer = new IntersectionObserver(([entry]) => document.documentElement.toggleAttribute("data-bar-away", !entry.isIntersecting));
    observer.observe(bar);
    signal.addEventListener("abort", () => observer.disconnect());
    document.addEventListener("composer:sent", () => this.#onSent(), { signal });
    const message = document.querySelector("[data-message]:not(.errornote)") ?? document.querySelector("[data-notice] .about");
    if (!message || document.querySelector("[data-message].errornote")) return;
    // Screen readers announce what changes, not what the page came with.
    requestAnimationFrame(() => {
      this.show("");
      this.#line.replaceChildren(...message.childNodes);
      message.remove();
    });
  }

  /** @param {string} text @param {string} [kind] of a message that `clear` may remove */
  show(text, kind = "") {
    this.#line.className = "quiet";
    this.#line.dataset.line = kind;
    this.#line.textContent = text;
  }

  /** Show what an action has done, instead of the confirmation before. @param {string} html from the server */
  confirm(html) {
    this.#forget();
    this.show("");
    this.#line.replaceChildren(parse(html)); // drawn and escaped by the server
  }

  /** Show an error; it stays until another message replaces it. @param {string} text */
  error(text) {
    this.#forget();
    this.show(text);
    this.#line.className = "errornote";
  }

  /** Remove the message if it is of that kind. @param {string} kind */
  clear(kind) {
    if (this.#line.dataset.line === kind) this.show("");
  }

  /** Show the last action: how many open pages show it, and its “Undo”. @param {string} html */
  showLast(html) {
    const line = /** @type {HTMLElement | null} */ (parse(html).firstElementChild); // drawn and escaped by the server
    const before = /** @type {HTMLElement | null} */ (document.querySelector("last-action"));
    if (!line || before?.dataset.address === line.dataset.address) return;
    before?.remove();
    document.querySelector("[data-notice]")?.append(line);
  }

  #onSent() {
    for (const old of document.querySelectorAll("last-action, [data-message]")) old.remove();
    if (!this.#line.dataset.line) this.show(""); // a lost connection is still lost
  }

  #forget() {
    for (const old of document.querySelectorAll("last-action, [data-message], [data-outbox] > [data-state=sent]")) old.remove();
  }
}
