import { pageUser } from "../server_request.js";
import { element, translate } from "../strings.js";

/** @typedef {{ id: number, name: string, at: number[], writing: boolean }} Person */

const QUIET = 15_000; // ms after the last key until somebody counts as no longer writing

/** Shows who else is at the desk and at which update, and tells the others what is open here. Nobody is locked out. */
export class DeskPresence {
  /** @type {Person[]} */
  #others = [];
  #quiet = 0;
  #writing = false;

  /** @param {import("./timeline.js").DeskTimeline} host @param {AbortSignal} signal */
  constructor(host, signal) {
    this.host = host;
    this.me = Number(pageUser());
    const form = document.querySelector("form.write");
    host.addEventListener("desk:here", (event) => this.#show(/** @type {CustomEvent<Person[]>} */ (event).detail), { signal });
    form?.addEventListener("input", () => this.#onTyped(), { signal });
    document.addEventListener("composer:sent", () => this.#setWriting(false), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#quiet));
    this.#send();
  }

  /** The update in the form; null for a new one. */
  get #entry() {
    return Number(/** @type {HTMLElement | null} */ (document.querySelector("entry-safety"))?.dataset.entry) || null;
  }

  /** Whether a time to publish is set; readers must then not be told that somebody is writing. */
  get #embargo() {
    return !!(/** @type {HTMLInputElement | null} */ (document.querySelector("form.write [name=when]"))?.value);
  }

  #onTyped() {
    clearTimeout(this.#quiet);
    this.#quiet = Number(setTimeout(() => this.#setWriting(false), QUIET));
    this.#setWriting(true);
  }

  /** @param {boolean} writing */
  #setWriting(writing) {
    this.#writing = writing;
    this.#send();
  }

  #send() {
    this.host.socket.send({ t: "at", entry: this.#entry, writing: this.#writing, embargo: this.#embargo });
  }

  /** @param {Person[]} people */
  #show(people) {
    this.#others = people.filter(({ id }) => id !== this.me);
    const names = [...this.#others.map(({ name, writing }) => (writing ? translate("is_writing", { name }) : name)), translate("you")];
    const head = document.querySelector("[data-here]");
    const count = this.#others.length + 1;
    if (head) head.textContent = this.#others.length ? ` · ${translate("here", { count, names: names.join(", ") })}` : "";
    this.mark();
  }

  /** Show at each row, and at the form, who has the same update open. */
  mark() {
    for (const place of this.host.querySelectorAll("[data-editors]")) {
      const row = /** @type {HTMLElement | null} */ (place.closest("[data-row]"));
      place.textContent = this.#alsoAt(Number(row?.dataset.row));
    }
    const form = document.querySelector(".write-head");
    const text = this.#entry ? this.#alsoAt(this.#entry) : "";
    const note = form?.querySelector("[data-also]") ?? element("p", "", { class: "also", role: "status", "data-also": "" });
    if (note.textContent !== text) note.textContent = text;
    if (text && !note.isConnected) form?.append(note);
  }

  /** @param {number} entry */
  #alsoAt(entry) {
    const names = this.#others.filter(({ at }) => at.includes(entry)).map(({ name }) => name);
    return names.length ? translate("also_editing", { names: names.join(", ") }) : "";
  }
}
