import { focusText } from "./editors.js";
import { focusProblem } from "./refusals.js";

const DOUBLE_CLICK = 1000; // ms

/** The form of one entry: places the caret, and sends the form by keyboard. */
export class EntryComposer extends HTMLElement {
  #sentAt = -Infinity;

  #stop = new AbortController();

  connectedCallback() {
    const { signal } = (this.#stop = new AbortController());
    this.addEventListener("submit", this.#onSubmit, { signal });
    document.addEventListener("keydown", this.#onKey, { capture: true, signal });
    this.#start();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  #start() {
    const note = /** @type {HTMLElement | null} */ (this.querySelector(".note-to-readers [name=correction]"));
    if (this.querySelector("[data-errors]")) focusProblem(this.#form);
    else if (note) note.focus(); // what the page asks for comes first
    else this.#focusText();
  }

  #focusText() {
    const text = this.querySelector(".block-text:not(.empty-form):not([hidden])");
    if (text) focusText(text);
  }

  /** Captures the key before the editor does, where Ctrl+Enter is a line break. */
  #onKey = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.key !== "Enter" || event.isComposing || target.closest("dialog, desk-panel, [data-correction]")) return;
    const send = /** @type {HTMLButtonElement | null} */ (this.querySelector("[data-send]"));
    const look = /** @type {HTMLButtonElement | null} */ (event.shiftKey ? this.querySelector("[data-look]") : null);
    if ((event.ctrlKey || event.metaKey) && look) {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) look.click();
    } else if ((event.ctrlKey || event.metaKey) && (send || this.querySelector("[data-replace]"))) {
      event.preventDefault(); // no key replaces somebody else's version
      event.stopPropagation();
      if (!event.repeat && send) this.#form.requestSubmit(send);
    } else if (target.matches("[name=headline]")) {
      event.preventDefault(); // a headline has one line
      this.#focusText();
    } else if (target instanceof HTMLInputElement && target.form === this.#form && target.type !== "file") {
      event.preventDefault(); // Enter in a caption must not publish
    }
  };

  #onSubmit = (/** @type {SubmitEvent} */ event) => {
    if (event.target !== this.#form) return;
    // The key keeps an update from appearing twice, but the second response would be the one shown.
    if (event.timeStamp - this.#sentAt < DOUBLE_CLICK) event.preventDefault();
    this.#sentAt = event.timeStamp;
    this.#form.action = this.#form.getAttribute("action") || location.pathname + location.search; // without a fragment
  };
}
