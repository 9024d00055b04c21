import { isStoreClosed } from "./store.js";
import { clock, element, translate } from "./strings.js";

/** Says beside the buttons what was saved, and where; asks before a page is left whose text is saved nowhere. */
export class SavedNote {
  #isStored = true;
  #isLost = false;

  /** @param {HTMLFormElement} form @param {() => boolean} waits whether an update waits that is not stored
   * @param {AbortSignal} signal */
  constructor(form, waits, signal) {
    this.form = form;
    window.addEventListener("beforeunload", (event) => {
      if (waits() || (this.#isLost && !isStoreClosed())) event.preventDefault();
    }, { signal });
  }

  /** @param {number} at when it was saved on this device; 0 if that is impossible */
  onDevice(at) {
    [this.#isStored, this.#isLost] = [at > 0, !at];
    if (isStoreClosed()) this.#show("");
    else this.#show(at ? translate("saved", { at: clock(at) }) : translate("not_saved"));
  }

  /** @param {import("./server_request.js").ServerResponse} response */
  onServer(response) {
    if (response.replaces) return this.#show(translate("saved_elsewhere"));
    if (response.state !== "sent") return;
    this.#isLost = false;
    this.#show(translate(this.#isStored ? "saved_at_desk" : "saved_at_desk_only", { at: clock(Date.now()) }));
  }

  /** Nothing is left to be saved. */
  clear() {
    this.#isLost = false;
    this.#show("");
  }

  /** @param {string} text */
  #show(text) {
    const send = /** @type {HTMLElement} */ (this.form.querySelector(".send"));
    const line = send.querySelector("[data-saved]") ?? send.appendChild(element("span", "", { "data-saved": "", class: "quiet" }));
    line.textContent = text;
  }
}
