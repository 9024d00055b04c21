import { Page } from "./page/page.js";

/** Keeps the page that the server wrote up to date. */
class LiveEvent extends HTMLElement {
  /** @type {Page | undefined} */
  #page;

  connectedCallback() {
    const page = (this.#page = new Page(this));
    setTimeout(() => this.#page === page && page.connect()); // in a second task, so that a click is not kept waiting
  }

  disconnectedCallback() {
    this.#page?.disconnect();
    this.#page = undefined;
  }
}

customElements.define("live-event", LiveEvent);
