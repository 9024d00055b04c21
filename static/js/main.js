import { Page } from "./page/page.js";

/** The page as the server wrote it, kept as the server would write it now. */
class LiveEvent extends HTMLElement {
  /** @type {Page | undefined} */
  #page;

  connectedCallback() {
    this.#page = new Page(this);
    this.#page.connect();
  }

  disconnectedCallback() {
    this.#page?.disconnect();
  }
}

customElements.define("live-event", LiveEvent);
