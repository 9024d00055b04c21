import { forgetAll } from "./leaving.js";
import { isBack, logInAgain } from "./relogin.js";
import { isShut } from "./store.js";
import { button, element, say } from "./strings.js";
import { hearTabs } from "./tabs.js";

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
