const EVERY = 1000; // milliseconds between two requests, until the result is final

/** Keeps the line about the last action up to date: how many open pages show it. */
export class JustDone extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    if (!("settled" in this.dataset)) this.#timer = setTimeout(() => this.#look(), EVERY);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async #look() {
    const found = await fetch(String(this.dataset.address), { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
    const line = this.querySelector("p");
    if (!found || !line || !this.isConnected) return;
    if (line.textContent !== found.words) line.textContent = found.words;
    if (!found.settled) this.#timer = setTimeout(() => this.#look(), EVERY);
  }
}
