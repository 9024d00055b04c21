const MANY = 20;
const QUIET = 20_000; // milliseconds between two announcements

/** The button “3 new updates”, and the same announcement for screen readers: politely, at most once in 20 seconds. */
export class Pending {
  #unsaid = 0;
  #quiet = 0;

  /** @param {HTMLElement} root @param {Live.Strings} strings
   * @param {() => void} reveal @param {string} home where the new ones are, if not on this page */
  constructor(root, strings, reveal, home) {
    this.strings = strings;
    this.reveal = reveal;
    this.home = home;
    this.voice = /** @type {HTMLElement} */ (root.querySelector("[data-announce]"));
    this.pill = /** @type {HTMLElement | null} */ (root.querySelector(".pill"));
    if (home && this.pill) this.pill = linkTo(home, this.pill);
  }

  connect() {
    if (!this.home) this.pill?.addEventListener("click", this.reveal);
  }

  disconnect() {
    this.pill?.removeEventListener("click", this.reveal);
    this.voice.textContent = "";
    clearTimeout(this.#quiet);
    this.#quiet = 0;
  }

  /** @param {number} waiting */
  show(waiting) {
    if (!this.pill) return;
    this.pill.hidden = !waiting;
    const words = this.strings.plural("new_updates", waiting, waiting < MANY ? waiting : `${MANY}+`);
    (this.pill.querySelector("span") ?? this.pill).textContent = words;
  }

  /** Announces something else at once. @param {string} words */
  say(words) {
    // Screen readers skip a repeated text.
    this.voice.textContent = words + (this.voice.textContent === words ? "\u00a0" : "");
  }

  /** @param {number} arrived */
  announce(arrived) {
    this.#unsaid += arrived;
    if (this.#quiet || !this.#unsaid) return;
    this.voice.textContent = this.strings.plural("new_updates", this.#unsaid);
    this.#unsaid = 0;
    this.#quiet = setTimeout(() => this.#listen(), QUIET);
  }

  #listen() {
    this.#quiet = 0;
    this.voice.textContent = ""; // the same text again would not be announced
    this.announce(0);
  }
}

/** @param {string} href @param {HTMLElement} button */
function linkTo(href, button) {
  const link = document.createElement("a");
  Object.assign(link, { href, className: button.className, hidden: true });
  link.append(...button.childNodes);
  button.replaceWith(link);
  return link;
}
