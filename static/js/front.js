import { around, wait } from "./live/backoff.js";
import { ask } from "./live/catch_up.js";
import { parsePage } from "./html.js";
import { morph } from "./page/entry.js";

/** A list of live blogs that fetches itself anew from time to time while somebody looks at it. */
class LiveList extends HTMLElement {
  #life = new AbortController();
  #html = "";

  connectedCallback() {
    const { signal } = (this.#life = new AbortController());
    document.addEventListener("visibilitychange", () => document.hidden || this.renew(signal), { signal });
    this.#run(signal);
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** @param {AbortSignal} signal */
  async #run(signal) {
    for (let after = 0; await wait(Math.max(after, around(Number(this.dataset.every))), signal); ) {
      after = document.hidden ? 0 : await this.renew(signal);
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<number>} seconds that the server wants to be left alone */
  async renew(signal) {
    const { answer, after } = await ask(location.href, signal, (response) => response.text());
    const isSelecting = !getSelection()?.isCollapsed;
    if (!answer || answer === this.#html || isSelecting || signal.aborted) return after;
    this.#html = answer;
    const fresh = parsePage(answer).querySelector("live-list");
    if (fresh) morph(this, fresh);
    return after;
  }
}

customElements.define("live-list", LiveList);
