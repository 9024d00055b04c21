import { isBack, logInAgain } from "./login_dialog.js";
import { forgetAll } from "./drafts.js";
import { isShut } from "./store.js";
import { button, element, say } from "./strings.js";

/* Communication between several tabs of one browser that have the desk open. */

/** @typedef {{ about: "outbox" | "leaving", user: string }} Word */

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("desk") : undefined;

/** @param {Word} word */
export function tellTabs(word) {
  channel?.postMessage(word);
}

/** Listen to the messages of other tabs about a user.
 * @param {string} user @param {(word: Word) => void} heard @param {AbortSignal} signal */
export function hearTabs(user, heard, signal) {
  const take = (/** @type {MessageEvent<Word>} */ { data }) => (data.user === user ? heard(data) : undefined);
  channel?.addEventListener("message", take, { signal });
}

/** Do the work unless another tab is doing it; whether it was done.
 * @param {string} name @param {() => Promise<void>} work @returns {Promise<boolean>} */
export async function alone(name, work) {
  if (!navigator.locks) return work().then(() => true);
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

/** Reacts to other tabs of this browser: the same update is open there, an update was sent there, or the person has
 * logged out. */
export class OtherTabs {
  /** @param {HTMLElement} note
   * @param {{ session: string, login: string, user: string }} desk
   * @param {import("./drafts.js").Drafts} drafts
   * @param {import("./outbox.js").Outbox} outbox */
  constructor(note, desk, drafts, outbox) {
    this.note = note;
    this.desk = desk;
    this.drafts = drafts;
    this.outbox = outbox;
  }

  /** @param {AbortSignal} signal */
  watch(signal) {
    const options = { signal };
    hearTabs(this.desk.user, ({ about }) => void (about === "leaving" ? this.#loggedOut() : this.outbox.look()), signal);
    document.addEventListener("visibilitychange", () => document.hidden || void this.look(), options);
    window.addEventListener("desk:back", () => void this.#back(), options);
    window.addEventListener("beforeunload", this.#ask, options);
  }

  async look() {
    if (isShut() && (await isBack(this.desk))) return; // isBack() tells the others
    await this.outbox.look();
    const hasTwin = await this.drafts.hasTwin();
    if (!isShut()) this.#say(hasTwin ? say("also_open") : "");
  }

  /** Keep the content on the screen; it is sent after the next login. */
  async #loggedOut() {
    this.#say(say("logged_out"), button(say("log_in"), () => void logInAgain(this.desk)));
    await forgetAll(this.desk.user);
    await this.outbox.look();
  }

  async #back() {
    this.#say("");
    await this.drafts.save();
    await this.look();
  }

  #ask = (/** @type {Event} */ event) => {
    if (isShut() && !this.drafts.isPristine) event.preventDefault();
  };

  /** @param {string} text @param {HTMLElement[]} more */
  #say(text, ...more) {
    if (this.note.firstChild?.textContent === text) return;
    this.note.replaceChildren(...(text ? [element("span", text), ...more] : []));
  }
}
