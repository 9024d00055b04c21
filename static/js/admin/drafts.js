import { emptied, read, same, titleOf } from "./composition.js";
import { fill } from "./form_filling.js";
import { find, forget, isShut, keep, ofUser, SHELVES, shutStore } from "./store.js";
import { newKey } from "./strings.js";

/** @typedef {import("./composition.js").Composition} Composition */

/**
 * @typedef {object} Draft
 * @property {string} id
 * @property {string} user
 * @property {string} event
 * @property {string} entry of a change; "" for a new update
 * @property {number} at
 * @property {string} title
 * @property {string} [apart] what its name ends in, where another one of the same update has the plain name
 * @property {boolean} [onlyHere] see below
 * @property {boolean} parked put aside by its writer: it comes back when asked for
 * @property {Composition} composition
 * @property {import("./server_request.js").Told} [told] why it was refused when it was sent
 */

const LAST_MOMENT = "desk-last:";
const SOON = 1000; // ms after the last key …
const LATEST = 3000; // … or after the first key since the last save
const FREED = 300; // ms that a page being closed may take to release the lock of its draft

/** Saves what is being written on this device, every few seconds and when the page is closed. */
export class Drafts {
  /** @type {Composition} */
  blank;
  /** Whether the server has drawn this form with refused input; then it is no empty form. */
  cameBack = false;
  /** Whether to save on this device only: the entry on the server is no draft any more, and must not change before the
   * writer sends. */
  onlyHere = false;
  #changedAt = 0;
  #timer = 0;
  #apart = "";
  #held = "";
  /** @type {(() => void) | undefined} */
  #release;

  /** @param {HTMLFormElement} form
   * @param {{ user: string, event: string, entry: string }} whose
   * @param {(at: number) => void} kept */
  constructor(form, whose, kept) {
    this.form = form;
    this.whose = whose;
    this.kept = kept;
    this.cameBack = form.querySelector("[data-errors]:not([data-ours])") !== null;
    this.blank = this.cameBack ? emptied(form) : read(form);
  }

  /** Continue from what the server has accepted as that version. A note to readers was accepted with it, and is not
   * sent twice.
   * @param {Composition} taken @param {string} version */
  rest(taken, version) {
    const [note, number] = ["correction", "version"].map((name) => this.#field(name));
    const said = taken.fields.correction?.[0];
    if (number) number.value = version;
    if (note && note.value === said) note.value = "";
    const fields = { ...taken.fields, ...(note && { correction: [""] }) };
    this.blank = structuredClone({ ...taken, fields });
  }

  /** @param {AbortSignal} signal */
  watch(signal) {
    const options = { signal };
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    for (const name of ["input", "change", "formset:added"]) this.form.addEventListener(name, this.#soon, options);
    document.addEventListener("formset:removed", this.#soon, options);
    document.addEventListener("visibilitychange", () => document.hidden && void this.save(), options);
    window.addEventListener("pagehide", () => this.#saveNow(), options);
    window.addEventListener("desk:keep", (event) => {
      if (this.#changedAt) /** @type {CustomEvent<Promise<unknown>[]>} */ (event).detail.push(this.save());
    }, options);
    if (this.cameBack) this.#soon();
  }

  /** The id under which the form's content is stored; tabs with the same update use different ids. */
  get id() {
    return [this.#update, ...(this.#apart ? [this.#apart] : [])].join(":");
  }

  /** The update that is being written; a new one is known by its key. */
  get #update() {
    const { user, event, entry } = this.whose;
    return [user, event, entry || (this.#field("key")?.value ?? "")].join(":");
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (this.form.querySelector(`[name=${name}]`));
  }

  get isPristine() {
    return same(read(this.form), this.blank);
  }

  /** The drafts of this person and event, newest first, without those that another open page is writing. */
  async left() {
    const { user, event, entry } = this.whose;
    await takeLastMoments(user).catch(() => undefined);
    const held = await this.#heldElsewhere();
    const all = /** @type {Draft[]} */ (await ofUser("drafts", user).catch(() => []));
    const mine = all.filter((draft) => draft.event === event && !held.has(lockName(draft.id)));
    const fitting = mine.filter((draft) => draft.entry === "" || draft.entry === entry);
    return fitting.sort((one, other) => other.at - one.at);
  }

  /** Lock this draft's id, so that no other page takes the draft for abandoned. If another page holds the lock, this
   * one uses an id of its own. */
  async hold() {
    if (!navigator.locks || lockName(this.id) === this.#held) return;
    this.#release?.();
    [this.#release, this.#held] = [undefined, ""];
    if (await this.#lock(lockName(this.id))) return;
    this.#apart = newKey();
    await this.#lock(lockName(this.id));
  }

  /** Call instead of restore() when somebody has already typed: the earlier draft keeps its id.
   * @param {Draft} [left] */
  async begin(left) {
    if (left?.id === this.id) this.#apart = newKey();
    await this.hold();
    if (!this.isPristine) this.#soon();
  }

  /** @param {string} name @returns {Promise<boolean>} */
  #lock(name) {
    return new Promise((resolve) => {
      const held = () => {
        this.#held = name;
        resolve(true);
        return new Promise((release) => (this.#release = () => release(undefined)));
      };
      navigator.locks.request(name, { signal: AbortSignal.timeout(FREED) }, held).catch(() => resolve(false));
    });
  }

  /** Whether another tab has the same update open. */
  async hasTwin() {
    const plain = lockName(this.#update);
    return [...(await this.#heldElsewhere())].some((name) => name === plain || name.startsWith(`${plain}:`));
  }

  /** @returns {Promise<Set<string>>} */
  async #heldElsewhere() {
    const state = await navigator.locks?.query();
    const names = (state?.held ?? []).map((lock) => lock.name ?? "");
    return new Set(names.filter((name) => name !== this.#held));
  }

  /** @param {Draft} draft */
  async restore(draft) {
    fill(this.form, draft.composition);
    [this.#apart, this.onlyHere] = [draft.apart ?? "", draft.onlyHere ?? false];
    await this.hold();
    if (draft.parked) await this.save();
  }

  async save({ parked = false } = {}) {
    clearTimeout(this.#timer);
    this.#changedAt = 0;
    const draft = this.#draft(parked);
    if (same(draft.composition, this.blank)) return forget("drafts", this.id).catch(() => undefined);
    await keep("drafts", draft).then(() => this.kept(draft.at), () => this.kept(0));
  }

  /** Save the content of the form as a separate draft, because another version of the same update is about to replace
   * it.
   * @returns {Promise<boolean>} */
  async aside() {
    const apart = newKey();
    const draft = { ...this.#draft(true), apart, id: [this.#update, apart].join(":") };
    return keep("drafts", draft).then(() => true, () => (this.kept(0), false));
  }

  /** @param {boolean} parked @returns {Draft} */
  #draft(parked) {
    const composition = read(this.form);
    const names = { ...this.whose, id: this.id, apart: this.#apart, title: titleOf(composition) };
    return { ...names, at: Date.now(), onlyHere: this.onlyHere, parked, composition };
  }

  /** Save synchronously, because the page is being closed and IndexedDB would answer too late. */
  #saveNow() {
    const draft = this.#draft(false);
    if (!this.#changedAt || isShut() || same(draft.composition, this.blank)) return;
    try {
      localStorage.setItem(LAST_MOMENT + draft.id, JSON.stringify(draft));
    } catch {
      void this.save(); // too large, or not allowed: most browsers still finish this save
    }
  }

  /** @param {string} [id] */
  async drop(id = this.id) {
    if (id === this.id) {
      clearTimeout(this.#timer);
      this.#changedAt = 0;
    }
    await forget("drafts", id).catch(() => undefined);
  }

  #soon = () => {
    const now = Date.now();
    this.#changedAt ||= now;
    clearTimeout(this.#timer);
    const wait = Math.min(SOON, this.#changedAt + LATEST - now);
    this.#timer = Number(setTimeout(() => void this.save(), Math.max(0, wait)));
  };
}

/** A draft of an update that was to be sent.
 * @param {import("./outbox.js").Item} item @param {boolean} parked @returns {Draft} */
export function asDraft({ key, user, event, entry, composition, told }, parked) {
  const apart = newKey(); // the form it came from may still use the plain id
  const id = [user, event, entry || key, apart].join(":");
  return { id, user, event, entry, apart, composition, told, parked, at: Date.now(), title: titleOf(composition) };
}

/** Move drafts that were saved synchronously to where all drafts are. @param {string} user */
async function takeLastMoments(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`${LAST_MOMENT}${user}:`));
  for (const name of names) {
    const last = JSON.parse(localStorage.getItem(name) ?? "null");
    const known = /** @type {Draft | undefined} */ (await find("drafts", last?.id));
    if (last && (known?.at ?? 0) < last.at) await keep("drafts", last);
    localStorage.removeItem(name);
  }
}

/** Every tab does this after it has stopped saving, so that what one of them has just saved is deleted too.
 * @param {string} user */
export async function forgetAll(user) {
  shutStore(true);
  forgetLastMoments(user);
  await Promise.all(SHELVES.map((shelf) => clear(shelf, user))).catch(() => undefined);
}

/** @param {import("./store.js").Shelf} shelf @param {string} user */
async function clear(shelf, user) {
  await Promise.all((await ofUser(shelf, user)).map((record) => forget(shelf, record.id)));
}

/** Delete the synchronously saved drafts of a person who logs out. @param {string} user */
function forgetLastMoments(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`${LAST_MOMENT}${user}:`));
  for (const name of names) localStorage.removeItem(name);
}

/** @param {string} id */
const lockName = (id) => `desk-draft:${id}`;
