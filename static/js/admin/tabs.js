import { isLoggedInAgain, logInAgain } from "./login_dialog.js";
import { deleteAll } from "./drafts.js";
import { isStoreClosed } from "./store.js";
import { button, element, translate } from "./strings.js";

/* Communication between several tabs of one browser that have the desk open. */

/** @typedef {{ topic: "outbox" | "logout", user: string }} TabMessage */

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("desk") : undefined;

/** @param {TabMessage} message */
export function broadcast(message) {
  channel?.postMessage(message);
}

/** Listen to the messages of other tabs about a user.
 * @param {string} user @param {(message: TabMessage) => void} onMessage @param {AbortSignal} signal */
function onBroadcast(user, onMessage, signal) {
  const take = (/** @type {MessageEvent<TabMessage>} */ { data }) => (data.user === user ? onMessage(data) : undefined);
  channel?.addEventListener("message", take, { signal });
}

/** Do the work unless another tab is doing it; whether it was done.
 * @param {string} name @param {() => Promise<void>} work @returns {Promise<boolean>} */
export async function withLock(name, work) {
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
    onBroadcast(this.desk.user, ({ topic }) => void (topic === "logout" ? this.#onLogout() : this.outbox.refresh()), signal);
    document.addEventListener("visibilitychange", () => document.hidden || void this.refresh(), options);
    window.addEventListener("desk:back", () => void this.#onLogin(), options);
    window.addEventListener("beforeunload", this.#onUnload, options);
  }

  async refresh() {
    if (isStoreClosed() && (await isLoggedInAgain(this.desk))) return; // isLoggedInAgain() tells the others
    await this.outbox.refresh();
    void this.outbox.takeOver();
    const hasTwin = await this.drafts.hasTwin();
    if (!isStoreClosed()) this.#show(hasTwin ? translate("also_open") : "");
  }

  /** Keep the content on the screen; it is sent after the next login. */
  async #onLogout() {
    this.#show(translate("logged_out"), button(translate("log_in"), () => void logInAgain(this.desk)));
    await deleteAll(this.desk.user);
    await this.outbox.refresh();
  }

  async #onLogin() {
    this.#show("");
    await this.drafts.save();
    await this.refresh();
  }

  #onUnload = (/** @type {Event} */ event) => {
    if (isStoreClosed() && !this.drafts.isPristine) event.preventDefault();
  };

  /** @param {string} text @param {HTMLElement[]} more */
  #show(text, ...more) {
    if (this.note.firstChild?.textContent === text) return;
    this.note.replaceChildren(...(text ? [element("span", text), ...more] : []));
  }
}
