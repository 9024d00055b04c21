import { asFormData, isBlank } from "./composition.js";
import { withoutWaiting } from "./outbox_item.js";

/** @typedef {import("./composition.js").Composition} Composition */
/** @typedef {import("./desk_request.js").Told} Told */

const EVERY = 10_000; // ms between two copies, while somebody types
const SETTLE = 3000; // ms that sending waits for a copy that is on its way

/**
 * Keeps what is being written at the desk, too: a draft of a device that dies opens on another one. The device's own
 * copy is the newer and comes first; where another device has saved meanwhile, nothing of it is written over.
 */
export class DeskDraft {
  /** The version at the desk, where this page knows it. */
  version = "";
  #timer = 0;
  #sentAt = -Infinity;
  #sent = "";
  #stopped = false;
  /** @type {Promise<void>} */
  #going = Promise.resolve();

  /**
   * @param {object} around
   * @param {() => Composition} around.read
   * @param {(data: FormData) => Promise<Told>} around.post
   * @param {(told: Told) => void} around.told
   */
  constructor(around) {
    this.around = around;
  }

  /** Something was typed. */
  touch() {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = Number(setTimeout(() => this.#go(), Math.max(0, this.#sentAt + EVERY - Date.now())));
  }

  /** The page may go at any moment. */
  hurry() {
    if (!this.#timer || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#go();
  }

  /** Before the words are sent: no more copies of them, and none still on its way where that can be. */
  async settle() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    await Promise.race([this.#going, new Promise((resolve) => setTimeout(resolve, SETTLE))]);
  }

  /** Two versions stand against each other, and only the writer says which stays: by sending or saving. */
  halt() {
    clearTimeout(this.#timer);
    [this.#timer, this.#stopped] = [0, true];
  }

  /** Another update is being written. */
  reset() {
    clearTimeout(this.#timer);
    [this.#timer, this.#sent, this.#stopped, this.version] = [0, "", false, ""];
  }

  #go() {
    this.#timer = 0;
    this.#going = this.#going.then(() => this.#copy());
  }

  async #copy() {
    const composition = withoutWaiting(this.around.read());
    const essence = JSON.stringify([composition.fields, composition.blocks]);
    if (this.#stopped || essence === this.#sent || isEmpty(composition)) return;
    if (this.version && composition.fields.version) composition.fields.version = [this.version];
    this.#sentAt = Date.now();
    const told = await this.around.post(asFormData(composition, { name: "_autosave", value: "1" }));
    if (told.state === "sent") {
      this.#sent = essence;
      this.version = String(told.entry?.version ?? "");
    } else if (told.instead?.version !== undefined) this.halt(); // both are shown once it is sent or saved
    this.around.told(told);
  }
}

/** @param {Composition} composition */
function isEmpty({ fields, blocks }) {
  return !fields.headline?.[0]?.trim() && blocks.every(isBlank);
}
