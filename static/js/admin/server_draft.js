import { asFormData, isBlank, withoutWaiting } from "./composition.js";
import { post, TIMEOUT } from "./server_request.js";
import { nextNumber } from "./store.js";

/** @typedef {import("./composition.js").Composition} Composition */
/** @typedef {import("./server_request.js").ServerResponse} ServerResponse */

const EVERY = 10_000; // ms between two copies while somebody types
const SETTLE = 3000; // ms that sending waits for a copy that is being saved

/** @typedef {{ composition: Composition, number: number, essence: string }} Save */

/** Saves what is being written as a draft on the server, so that it opens on another device if this one fails. The copy
 * on this device is newer and comes first. If another device has saved in the meantime, nothing of it is overwritten. */
export class ServerDraft {
  #version = "";
  /** What was sent without a response: the server may have it. @type {Save | undefined} */
  #unanswered;
  #timer = 0;
  #sentAt = -Infinity;
  #sent = "";
  #stopped = false;
  /** @type {Promise<void>} */
  #saving = Promise.resolve();
  #request = new AbortController();

  /** @param {object} page
   * @param {() => Composition} page.read
   * @param {() => boolean} page.isTooLong whether the server would refuse it
   * @param {(data: FormData, signal: AbortSignal) => Promise<ServerResponse>} page.post
   * @param {(response: ServerResponse) => void} page.onResponse */
  constructor(page) {
    this.page = page;
  }

  /** The version on the server, if this page knows it. */
  get version() {
    return this.#version;
  }

  set version(version) {
    [this.#version, this.#unanswered] = [version, undefined];
  }

  /** Call after something was typed. */
  schedule() {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = Number(setTimeout(() => this.#start(), Math.max(0, this.#sentAt + EVERY - performance.now())));
  }

  /** Save now if a save is due, because the page may be closed at any moment. */
  flush() {
    if (!this.#timer || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#start();
  }

  /** Before the update is sent: cancel further saves, and wait for the one in progress for a while. If it takes longer
   * it may still arrive, and the server then sees by its number that it is late. */
  async settle() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const request = this.#request;
    await Promise.race([this.#saving, new Promise((resolve) => setTimeout(resolve, SETTLE))]);
    request.abort();
  }

  /** Settle before an item is sent. Returns a function to await before each attempt to send it: it sets the version that
   * the server has from this page.
   * @param {import("./outbox.js").Item} item */
  prepare({ entry, composition }) {
    const settled = this.settle();
    return async () => {
      await settled;
      await (this.#saving = this.#saving.then(() => this.#resend()));
      if (entry && this.version) composition.fields.version = [this.version];
    };
  }

  /** Stop saving: there are two versions, and the writer decides by sending or saving. */
  stop() {
    clearTimeout(this.#timer);
    [this.#timer, this.#stopped] = [0, true];
  }

  /** Forget everything: another update is being written. */
  reset() {
    clearTimeout(this.#timer);
    [this.#timer, this.#sent, this.#stopped, this.version] = [0, "", false, ""];
  }

  #start() {
    this.#timer = 0;
    this.#saving = this.#saving.then(() => this.#save());
  }

  /** @returns {AbortSignal} */
  #begin() {
    const request = (this.#request = new AbortController());
    setTimeout(() => request.abort(), TIMEOUT);
    return request.signal;
  }

  async #save() {
    if (this.page.isTooLong()) return;
    await this.#resend();
    const [composition, number] = [withoutWaiting(this.page.read()), nextNumber()];
    const essence = JSON.stringify([composition.fields, composition.blocks]);
    if (this.#stopped || this.#unanswered || essence === this.#sent || isEmpty(composition)) return;
    if (this.version && composition.fields.version) composition.fields.version = [this.version];
    await this.#send({ composition, number, essence });
  }

  /** Send what has no response again exactly as it was: if the server has it, it responds with the version of it. To
   * anything newer it would respond that there is a newer version. */
  async #resend() {
    if (this.#unanswered && !this.#stopped) await this.#send(this.#unanswered);
  }

  /** @param {Save} save */
  async #send(save) {
    this.#sentAt = performance.now();
    const data = asFormData(save.composition, { name: "_autosave", value: "1" }, save.number);
    const response = await this.page.post(data, this.#begin());
    const isAnswered = !["offline", "busy"].includes(response.state);
    this.#unanswered = isAnswered || !save.composition.fields.version ? undefined : save; // without one none is compared
    if (response.state === "sent") {
      if (response.entry?.status !== "draft") return; // submitted or scheduled since, so it was not saved
      this.#sent = save.essence;
      this.version = String(response.entry?.version ?? "");
    } else if (response.replaces) this.stop(); // both versions are shown once the update is sent or saved
    this.page.onResponse(response);
  }
}

/** @param {Composition} composition */
function isEmpty({ fields, blocks }) {
  return !fields.headline?.[0]?.trim() && blocks.every(isBlank);
}

/** Hide the row of the draft that is in the form. @param {string} key */
export function hideRow(key) {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-draft-key]"));
  for (const row of rows) row.hidden = row.dataset.draftKey !== "" && row.dataset.draftKey === key;
  const section = /** @type {HTMLElement | null} */ (document.querySelector(".my-drafts"));
  if (section) section.hidden = [...rows].every((row) => row.hidden);
}

/** Discard a draft on the server; offline it stays under “Your drafts”.
 * @param {string} key @param {string} address @param {string} user */
export async function discardOnServer(key, address, user) {
  const data = new FormData();
  data.append("key", key);
  data.append("number", String(nextNumber()));
  const response = await post(address, data, user);
  if (response.state === "sent") document.querySelector(`[data-draft-key="${key}"]`)?.remove();
}
