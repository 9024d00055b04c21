import { parse } from "../html.js";
import { withStorage } from "./device_storage.js";
import { clockTime } from "./event_time.js";

/** Decides which state the status line shows.
 * @param {Live.Contact["is"] | undefined} contact @param {string | undefined} status of the event
 * @param {boolean} paused */
export function stateOf(contact, status, paused) {
  if (contact === "waiting") return "retry";
  if (contact === "offline") return "off";
  if (contact === "gone") return "gone";
  if (paused && status !== "ended") return "paused"; // readers who paused shall also see that the event has ended
  return status === "live" && (contact === "live" || contact === "polling") ? contact : "event";
}

/** The status line. Its words are a live region, written only when they change; the numbers stand beside it, since a
 * screen reader would repeat the words with each of them. */
export class StatusLine {
  #voiceHtml;
  #paused = false;
  #waiting = 0;
  #seconds = 0;
  /** @type {Live.Contact | undefined} */
  #contact;

  /** @param {HTMLElement} root @param {Live.Strings} strings
   * @param {Element} pause a button that has a use only while updates come @param {() => void} retry */
  constructor(root, strings, pause, retry) {
    this.root = root;
    this.pauseButton = pause;
    this.strings = strings;
    this.line = /** @type {HTMLElement} */ (root.querySelector('[data-part="watch-state"]'));
    this.words = /** @type {HTMLElement} */ (this.line.cloneNode(true));
    this.voice = /** @type {HTMLElement} */ (this.line.querySelector("[role=status]"));
    this.#voiceHtml = this.voice.innerHTML;
    this.number = document.createElement("span");
    this.number.ariaHidden = "true";
    this.line.append(this.number);
    this.retryButton = document.createElement("button");
    const textContent = strings.get("try_now");
    Object.assign(this.retryButton, { type: "button", className: "quiet", hidden: true, textContent, onclick: retry });
    this.line.after(this.retryButton);
  }

  disconnect() {
    clearInterval(this.#seconds);
    this.retryButton.remove();
  }

  /** @param {HTMLElement | null} words the server's for the event's state */
  event(words) {
    this.words = words ?? this.words;
    this.#show();
  }

  /** @param {Live.Contact} contact */
  contact(contact) {
    this.#contact = contact;
    this.#show();
  }

  /** @param {boolean} paused @param {number} waiting */
  pause(paused, waiting) {
    this.#paused = paused;
    this.#waiting = waiting;
    this.#show();
  }

  #show() {
    const { line, voice, words } = this;
    const is = stateOf(this.#contact?.is, this.root.dataset.status, this.#paused);
    const html = is === "event" ? words.querySelector("[role=status]")?.innerHTML ?? "" : this.#htmlOf(is);
    if (html !== this.#voiceHtml) voice.replaceChildren(parse((this.#voiceHtml = html)));
    /** @type {Record<string, string | undefined>} */
    const marks = { event: words.dataset.is, polling: "live", gone: "off" };
    line.dataset.is = marks[is] ?? is;
    line.dataset.connected = String(["live", "polling", "resting"].includes(this.#contact?.is ?? ""));
    this.retryButton.hidden = is !== "retry";
    const hasHeldUpdates = is === "event" && this.#paused; // corrections of an ended event still wait for “Resume”
    this.pauseButton.toggleAttribute("hidden", !hasHeldUpdates && !["live", "polling", "paused"].includes(is));
    clearInterval(this.#seconds);
    if (is === "retry") this.#seconds = setInterval(() => this.#count(), 1000);
    this.#count();
  }

  /** @param {"retry" | "off" | "gone" | "paused" | "live" | "polling"} is */
  #htmlOf(is) {
    const { strings, root } = this;
    const heard = clockTime(this.#contact?.heard ?? 0, root.dataset);
    const asOf = ` · ${strings.get("as_of")} <time>${heard}</time>`;
    const more = {
      retry: "",
      off: asOf,
      gone: asOf,
      paused: "",
      live: ` · ${strings.get("up_to_date")}`,
      polling: ` · ${strings.get("checking")}`,
    };
    return `<b>${strings.get(is === "polling" ? "live" : is)}</b>${more[is]}`;
  }

  /** Updates the number beside the words. */
  #count() {
    const { number, strings } = this;
    const { is } = this.line.dataset;
    const left = Math.ceil(((this.#contact?.until ?? 0) - performance.now()) / 1000);
    if (is === "paused") number.textContent = `· ${strings.get("waiting", this.#waiting)}`;
    else if (is === "retry") number.textContent = left > 0 ? strings.get("retry_in", left) : "…";
    else number.textContent = "";
  }
}

/** The button “Pause updates”; its state is remembered on this device for each event. */
export class PauseButton {
  /** @param {HTMLElement} root @param {Live.Strings} strings @param {(paused: boolean) => void} changed */
  constructor(root, strings, changed) {
    this.strings = strings;
    this.changed = changed;
    this.key = `paused ${root.dataset.changes}`;
    this.on = !!withStorage((storage) => storage.getItem(this.key));
    this.row = root.querySelector(".watch .row");
    this.button = document.createElement("button");
    const hidden = root.dataset.status !== "live"; // else the row would grow for a moment, and push the page
    Object.assign(this.button, { type: "button", className: "quiet", hidden, onclick: () => this.#turn() });
  }

  connect() {
    this.row?.insertBefore(this.button, this.row.querySelector(".order"));
    this.#say();
    if (this.on) this.changed(true);
  }

  disconnect() {
    this.button.remove();
  }

  #turn() {
    this.on = !this.on;
    withStorage((storage) => (this.on ? storage.setItem(this.key, "1") : storage.removeItem(this.key)));
    this.#say();
    this.changed(this.on);
  }

  #say() {
    const key = this.on ? "resume" : "pause";
    const [long, short] = [this.strings.get(key), this.strings.get(`${key}_short`)];
    const icon = '<svg aria-hidden="true"><use href="#i-pause"/></svg>';
    this.button.replaceChildren(parse(`${icon}<span class="narrow">${short}</span><span class="wide">${long}</span>`));
  }
}
