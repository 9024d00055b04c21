import { emptyComposition, read, same, titleOf } from "./composition.js";
import { fill } from "./form_filling.js";
import { inOrder, load, remove, isStoreClosed, nextNumber, save, loadAll, KINDS, setStoreClosed } from "./store.js";
import { newKey } from "./strings.js";

/** @typedef {import("./composition.js").Composition} Composition */

/**
 * @typedef {object} Draft
 * @property {string} id
 * @property {string} user
 * @property {string} event
 * @property {string} entry of a change; "" for a new update
 * @property {number} at
 * @property {number} [number] see `nextNumber`
 * @property {string} title
 * @property {string} [suffix] the end of its id if another draft of the same update has the plain id
 * @property {boolean} [onlyHere] see `Drafts`
 * @property {boolean} parked put aside by its writer; opened from the list of drafts
 * @property {Composition} composition
 * @property {Composition} [base] of a change: what stood there before it
 * @property {import("./server_request.js").ServerResponse} [response] why it was refused when it was sent
 */

const EMERGENCY = "desk-last:";
const SOON = 1000; // ms after the last key …
const LATEST = 3000; // … or after the first key since the last save
const RELEASE = 1000; // ms that a page which was left may take to release the lock of its draft

/** Saves what is being written on this device, every few seconds and when the page is closed. */
export class Drafts {
  /** @type {Composition} */
  blank;
  /** What a restored draft was written upon, which the page may not show any more. @type {Composition | undefined} */
  #base;
  /** Whether the server has drawn this form with refused input; then it is no empty form. */
  wasRefused = false;
  /** Whether to save on this device only: the entry on the server is no draft any more, and must not change before the
   * writer sends. */
  onlyHere = false;
  #changedAt = 0;
  #saving = 0;
  #timer = 0;
  #suffix = "";
  #lockName = "";
  /** @type {(() => void) | undefined} */
  #release;

  /** @param {HTMLFormElement} form
   * @param {{ user: string, event: string, entry: string }} scope
   * @param {(at: number) => void} onSaved */
  constructor(form, scope, onSaved) {
    this.form = form;
    this.scope = scope;
    this.onSaved = onSaved;
    this.wasRefused = form.querySelector("[data-errors]:not([data-from-script])") !== null;
    this.blank = this.wasRefused ? emptyComposition(form) : read(form);
  }

  /** Continue from what the server has accepted as that version. A note to readers was accepted with it, and is not
   * sent twice.
   * @param {Composition} accepted @param {string} version */
  continueFrom(accepted, version) {
    const [note, number] = ["correction", "version"].map((name) => this.#field(name));
    const sentNote = accepted.fields.correction?.[0];
    if (number) number.value = version;
    if (note && note.value === sentNote) note.value = "";
    const fields = { ...accepted.fields, ...(note && { correction: [""] }) };
    this.blank = structuredClone({ ...accepted, fields });
    this.#base = undefined;
  }

  /** @param {AbortSignal} signal */
  watch(signal) {
    const options = { signal };
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    for (const name of ["input", "change", "formset:added"]) this.form.addEventListener(name, this.#saveSoon, options);
    document.addEventListener("formset:removed", this.#saveSoon, options);
    document.addEventListener("visibilitychange", () => document.hidden && void this.save(), options);
    window.addEventListener("pagehide", () => this.#saveNow(), options);
    window.addEventListener("desk:keep", (event) => {
      if (this.#changedAt) /** @type {CustomEvent<Promise<unknown>[]>} */ (event).detail.push(this.save());
    }, options);
    if (this.wasRefused) this.#saveSoon();
  }

  /** The id under which the form's content is stored; tabs with the same update use different ids. */
  get id() {
    return [this.#update, ...(this.#suffix ? [this.#suffix] : [])].join(":");
  }

  /** The update that is being written; a new one is known by its key. */
  get #update() {
    const { user, event, entry } = this.scope;
    return [user, event, entry || (this.#field("key")?.value ?? "")].join(":");
  }

  /** What stood there before the change that is being written. */
  get base() {
    return this.#base ?? this.blank;
  }

  /** Go on with a change that was written upon another version than the page shows. @param {Composition} [composition] */
  basedOn(composition) {
    this.#base = composition;
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (this.form.querySelector(`[name=${name}]`));
  }

  get isPristine() {
    return same(read(this.form), this.blank);
  }

  /** The drafts of this person and event, newest first, without those that another open page is writing. `waits` for
   * pages that were left: they release their drafts a moment after the next page has begun. */
  async loadOthers({ waits = false } = {}) {
    const { user, event, entry } = this.scope;
    await collectEmergencySaves(user).catch(() => undefined);
    const all = /** @type {Draft[]} */ (await loadAll("drafts", user).catch(() => []));
    const fitting = all.filter((draft) => draft.event === event && (draft.entry === "" || draft.entry === entry));
    const rivals = fitting.filter((draft) => draft.entry === entry);
    if (waits) await Promise.all(rivals.map(({ id }) => released(lockName(id))));
    const held = await this.#locksElsewhere();
    const available = fitting.filter(({ id }) => !held.has(lockName(id)));
    return available.sort((one, other) => -inOrder(one, other));
  }

  /** Lock this draft's id, so that no other page takes the draft for abandoned. If another page holds the lock, this
   * one uses an id of its own. */
  async hold() {
    if (!navigator.locks || lockName(this.id) === this.#lockName) return;
    this.release();
    if (await this.#lock(lockName(this.id))) return;
    this.#suffix = newKey();
    await this.#lock(lockName(this.id));
  }

  /** Let other forms take the draft. */
  release() {
    this.#release?.();
    [this.#release, this.#lockName] = [undefined, ""];
  }

  /** Call instead of restore() when somebody has already typed: the earlier draft keeps its id.
   * @param {Draft} [left] */
  async begin(left) {
    if (left?.id === this.id) this.#suffix = newKey();
    await this.hold();
    if (!this.isPristine) this.#saveSoon();
  }

  /** @param {string} name @returns {Promise<boolean>} */
  #lock(name) {
    return new Promise((resolve) => {
      const held = () => {
        this.#lockName = name;
        resolve(true);
        return new Promise((release) => (this.#release = () => release(undefined)));
      };
      navigator.locks.request(name, { signal: AbortSignal.timeout(RELEASE) }, held).catch(() => resolve(false));
    });
  }

  /** Whether another tab has the same update open. */
  async hasTwin() {
    const plain = lockName(this.#update);
    return [...(await this.#locksElsewhere())].some((name) => name === plain || name.startsWith(`${plain}:`));
  }

  /** @returns {Promise<Set<string>>} */
  async #locksElsewhere() {
    const state = await navigator.locks?.query();
    const names = (state?.held ?? []).filter(({ mode }) => mode === "exclusive").map((lock) => lock.name ?? "");
    return new Set(names.filter((name) => name !== this.#lockName));
  }

  /** @param {Draft} draft */
  async restore(draft) {
    fill(this.form, draft.composition);
    [this.#suffix, this.onlyHere, this.#base] = [draft.suffix ?? "", draft.onlyHere ?? false, draft.base];
    await this.hold();
    if (draft.parked) await this.save();
  }

  async save({ parked = false } = {}) {
    clearTimeout(this.#timer);
    this.#changedAt = 0;
    const draft = this.#draft(parked);
    if (same(draft.composition, this.blank)) return remove("drafts", this.id).catch(() => undefined);
    this.#saving += 1;
    await save("drafts", draft).finally(() => (this.#saving -= 1)).then(() => this.#saved(draft.at), () => this.onSaved(0));
  }

  /** The draft has the newest words. What the browser would put back into the form may be older, and would be taken
   * for what the server has drawn.
   * @param {number} at */
  #saved(at) {
    this.form.autocomplete = "off";
    this.onSaved(at);
  }

  /** Save the content of the form as a separate draft, because another version of the same update is about to replace
   * it.
   * @returns {Promise<boolean>} */
  async saveAside() {
    const suffix = newKey();
    const draft = { ...this.#draft(true), suffix, id: [this.#update, suffix].join(":") };
    return save("drafts", draft).then(() => true, () => (this.onSaved(0), false));
  }

  /** @param {boolean} parked @returns {Draft} */
  #draft(parked) {
    const composition = read(this.form);
    const names = { ...this.scope, id: this.id, suffix: this.#suffix, title: titleOf(composition), base: this.scope.entry ? this.base : undefined };
    return { ...names, at: Date.now(), number: nextNumber(), onlyHere: this.onlyHere, parked, composition };
  }

  /** Save synchronously, because the page is being closed and IndexedDB would answer too late. What is being saved is
   * cut off with the page. */
  #saveNow() {
    const draft = this.#draft(false);
    if (!(this.#changedAt || this.#saving) || isStoreClosed() || same(draft.composition, this.blank)) return;
    try {
      localStorage.setItem(EMERGENCY + draft.id, JSON.stringify(draft));
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
    await remove("drafts", id).catch(() => undefined);
  }

  #saveSoon = () => {
    const now = performance.now();
    this.#changedAt ||= now;
    clearTimeout(this.#timer);
    const wait = Math.min(SOON, this.#changedAt + LATEST - now);
    this.#timer = Number(setTimeout(() => void this.save(), Math.max(0, wait)));
  };
}

/** A draft of an update that was to be sent.
 * @param {import("./outbox.js").Item} item @param {boolean} parked @returns {Draft} */
export function asDraft({ key, user, event, entry, composition, base, response }, parked) {
  const suffix = newKey(); // the form it came from may still use the plain id
  const id = [user, event, entry || key, suffix].join(":");
  return { id, user, event, entry, suffix, composition, base, response, parked, at: Date.now(), number: nextNumber(), title: titleOf(composition) };
}

/** Move drafts that were saved synchronously to where all drafts are. @param {string} user */
async function collectEmergencySaves(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`${EMERGENCY}${user}:`));
  for (const name of names) {
    const last = JSON.parse(localStorage.getItem(name) ?? "null");
    const known = /** @type {Draft | undefined} */ (await load("drafts", last?.id));
    if (last && (!known || inOrder(known, last) < 0)) await save("drafts", last);
    localStorage.removeItem(name);
  }
}

/** Every tab does this after it has stopped saving, so that what one of them has just saved is deleted too.
 * @param {string} user */
export async function deleteAll(user) {
  setStoreClosed(true);
  deleteEmergencySaves(user);
  await Promise.all(KINDS.map((kind) => deleteKind(kind, user))).catch(() => undefined);
}

/** @param {import("./store.js").Kind} kind @param {string} user */
async function deleteKind(kind, user) {
  await Promise.all((await loadAll(kind, user)).map((record) => remove(kind, record.id)));
}

/** Delete the synchronously saved drafts of a person who logs out. @param {string} user */
function deleteEmergencySaves(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`${EMERGENCY}${user}:`));
  for (const name of names) localStorage.removeItem(name);
}

/** Wait until no page holds a lock, or its time is over. @param {string} name */
async function released(name) {
  /** @type {LockOptions} */
  const options = { mode: "shared", signal: AbortSignal.timeout(RELEASE) };
  await navigator.locks?.request(name, options, () => undefined).catch(() => undefined);
}

/** @param {string} id */
const lockName = (id) => `desk-draft:${id}`;
