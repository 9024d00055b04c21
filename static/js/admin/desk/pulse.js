import { parse } from "../../html.js";
import { redraw } from "../redraw.js";
import { ask } from "../server_request.js";

const EVERY = 60_000; // ms: there is a number for each minute
const AFTER_UPDATE = 6_000; // ms until pages have confirmed that they show it

/** Keeps the number of readers and the delivery of the newest update current while somebody looks at the desk. */
export class DeskPulse extends HTMLElement {
  #stop = new AbortController();
  #timer = 0;

  connectedCallback() {
    const { signal } = (this.#stop = new AbortController());
    document.addEventListener("visibilitychange", () => document.hidden || this.#renewIn(0), { signal });
    document.addEventListener("composer:sent", () => this.#renewIn(AFTER_UPDATE), { signal });
    this.#renewIn(EVERY);
  }

  disconnectedCallback() {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  /** @param {number} delay in ms */
  #renewIn(delay) {
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(() => void this.#renew(), delay));
  }

  async #renew() {
    const { html } = document.hidden ? { html: undefined } : await ask(this.dataset.address ?? "");
    if (html !== undefined) redraw(this, parse(html));
    if (!this.#stop.signal.aborted) this.#renewIn(EVERY);
  }
}
