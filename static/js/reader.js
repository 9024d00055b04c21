import { Page } from "./page/page.js";

/** The page as the server wrote it, kept as the server would write it now. */
class LiveEvent extends HTMLElement {
  /** @type {Page | undefined} */
  #page;

  connectedCallback() {
    const page = (this.#page = new Page(this));
    setTimeout(() => this.#page === page && page.connect()); // in two steps, so that a press is never kept waiting
  }

  disconnectedCallback() {
    this.#page?.disconnect();
    this.#page = undefined;
  }
}

customElements.define("live-event", LiveEvent);
