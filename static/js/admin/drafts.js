import { emptied, read, same, titleOf } from "./composition.js";
import { fill } from "./filling.js";
import { find, forget, isShut, keep, ofUser } from "./store.js";
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
 * @property {import("./desk_request.js").Told} [told] why it was refused when it was sent
 */

const LAST_MOMENT = "desk-last:";
const SOON = 1000; // ms after the last key …
const LATEST = 3000; // … or after the first one since it was kept
const FREED = 300; // ms that a page just left may take to let go of its draft

/** Keeps what is being written on this device, every few seconds and when the page is left. */
export class Drafts {
  /** @type {Composition} */
  blank;
  /** By a page that the server has made of refused words: they are nobody's empty form. */
  cameBack = false;
  /** Not at the desk, too: what stands there is a draft no more, and says nothing more before its writer sends that. */
  onlyHere = false;
  #changedAt = 0;
  #timer = 0;
  #apart = "";
  #held = "";
  /** @type {(() => void) | undefined} */
  #release;

  /**
   * @param {HTMLFormElement} form
   * @param {{ user: string, event: string, entry: string }} whose
   * @param {(at: number) => void} kept
   */
  constructor(form, whose, kept) {
    this.form = form;
    this.whose = whose;
    this.kept = kept;
    this.cameBack = form.querySelector("[data-errors]:not([data-ours])") !== null;
    this.blank = this.cameBack ? emptied(form) : read(form);
  }

  /** Go on from words that the server has taken as that version; a note to readers went with them, and is not given twice.
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

  /** Under which the form's content is kept: by tabs of the same update, under several names. */
  get id() {
    return [this.#update, ...(this.#apart ? [this.#apart] : [])].join(":");
  }

  /** Which update it is; the key of a new one is its own. */
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

  /** What lies on the device for this event and person, newest first, but for what another open page is writing. */
  async left() {
    const { user, event, entry } = this.whose;
    await takeLastMoments(user).catch(() => undefined);
    const held = await this.#heldElsewhere();
    const all = /** @type {Draft[]} */ (await ofUser("drafts", user).catch(() => []));
    const mine = all.filter((draft) => draft.event === event && !held.has(lockName(draft.id)));
    const fitting = mine.filter((draft) => draft.entry === "" || draft.entry === entry);
    return fitting.sort((one, other) => other.at - one.at);
  }

  /**
   * Hold the name of this draft, so that another page of the same desk does not take it for left behind. Where another
   * one holds it, this page keeps its words under a name of its own.
   */
  async hold() {
    if (!navigator.locks || lockName(this.id) === this.#held) return;
    this.#release?.();
    [this.#release, this.#held] = [undefined, ""];
    if (await this.#lock(lockName(this.id))) return;
    this.#apart = newKey();
    await this.#lock(lockName(this.id));
  }

  /** Somebody has typed already, before what was left could come back: it keeps its name. @param {Draft} [left] */
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

  /** Keep what is in the form as a draft of its own: other words of the same update are about to come in its place.
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

  /** The page goes within this moment, and the database of the device would answer in the next. */
  #saveNow() {
    const draft = this.#draft(false);
    if (!this.#changedAt || isShut() || same(draft.composition, this.blank)) return;
    try {
      localStorage.setItem(LAST_MOMENT + draft.id, JSON.stringify(draft));
    } catch {
      void this.save(); // too large, or not allowed: most browsers still finish this
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

/** An update that was to be sent. @param {import("./outbox.js").Item} item @param {boolean} parked @returns {Draft} */
export function asDraft({ key, user, event, entry, composition, told }, parked) {
  const apart = newKey(); // the form that it came from may have gone on under the plain name
  const id = [user, event, entry || key, apart].join(":");
  return { id, user, event, entry, apart, composition, told, parked, at: Date.now(), title: titleOf(composition) };
}

/** Put what was kept in a page's last moment where all drafts are. @param {string} user */
async function takeLastMoments(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`${LAST_MOMENT}${user}:`));
  for (const name of names) {
    const last = JSON.parse(localStorage.getItem(name) ?? "null");
    const known = /** @type {Draft | undefined} */ (await find("drafts", last?.id));
    if (last && (known?.at ?? 0) < last.at) await keep("drafts", last);
    localStorage.removeItem(name);
  }
}

/** Of somebody who logs out. @param {string} user */
export function forgetLastMoments(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`${LAST_MOMENT}${user}:`));
  for (const name of names) localStorage.removeItem(name);
}

/** @param {string} id */
const lockName = (id) => `desk-draft:${id}`;
