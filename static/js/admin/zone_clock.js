import { clockTime } from "../page/event_time.js";

const EVERY = 5_000; // ms

/** A list of time zones with the clock of the chosen one. Chooses that of the browser, where the list has it. */
export class ZoneClock extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    const list = /** @type {HTMLSelectElement} */ (this.querySelector("select"));
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const has = (/** @type {string} */ zone) => [...list.options].some(({ value }) => value === zone);
    if ("guess" in this.dataset && has(own)) list.value = own;
    list.addEventListener("change", () => this.#show(list.value));
    this.#timer = Number(setInterval(() => this.#show(list.value), EVERY));
    this.#show(list.value);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /** @param {string} timeZone */
  #show(timeZone) {
    /** @type {HTMLElement} */ (this.querySelector("[data-clock]")).textContent = clockTime(Date.now(), { timeZone });
  }
}
