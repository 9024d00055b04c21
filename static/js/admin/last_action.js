const EVERY = 1000; // milliseconds between two requests, until the result is final
const OFFLINE = 10_000; // milliseconds until the next one where there was no answer

/** Keeps the line about the last action up to date: how many open pages show it. */
export class LastAction extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    if (!("settled" in this.dataset)) this.#timer = setTimeout(() => this.#refresh(), EVERY);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async #refresh() {
    const result = await fetch(String(this.dataset.address), { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => undefined);
    const line = this.querySelector("p");
    if (result === null || !line || !this.isConnected) return;
    if (result && line.textContent !== result.words) line.textContent = result.words;
    if (!result?.settled) this.#timer = setTimeout(() => this.#refresh(), result ? EVERY : OFFLINE);
  }
}
