import { read, same, titleOf } from "./composition.js";
import { fill } from "./filling.js";
import { find, forget, keep, ofUser } from "./store.js";

/** @typedef {import("./composition.js").Composition} Composition */

/**
 * @typedef {object} Draft
 * @property {string} id
 * @property {string} user
 * @property {string} event
 * @property {string} entry of a change; "" for a new update
 * @property {number} at
 * @property {string} title
 * @property {boolean} parked put aside by its writer: it comes back when asked for
 * @property {Composition} composition
 * @property {import("./desk_request.js").Told} [told] why it was refused when it was sent
 */

const LAST_MOMENT = "desk-last:";
const SOON = 1000; // ms after the last key …
const LATEST = 3000; // … or after the first one since it was kept

/** Keeps what is being written on this device, every few seconds and when the page is left. */
export class Drafts {
  /** @type {Composition} */
  blank;
  #changedAt = 0;
  #timer = 0;
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
    this.blank = read(form);
  }

  /** @param {AbortSignal} signal */
  watch(signal) {
    const options = { signal };
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    for (const name of ["input", "change", "formset:added"]) this.form.addEventListener(name, this.#soon, options);
    document.addEventListener("formset:removed", this.#soon, options);
    document.addEventListener("visibilitychange", () => document.hidden && void this.save(), options);
    window.addEventListener("pagehide", () => this.#saveNow(), options);
  }

  /** Under which the form's content is kept; the key of a new update is its own. */
  get id() {
    const { user, event, entry } = this.whose;
    const key = /** @type {HTMLInputElement | null} */ (this.form.querySelector("[name=key]"))?.value ?? "";
    return [user, event, entry || key].join(":");
  }

  get isPristine() {
    return same(read(this.form), this.blank);
  }

  /** What lies on the device for this event and person, newest first, but for what another open page is writing. */
  async left() {
    const { user, event, entry } = this.whose;
    await takeLastMoments(user).catch(() => undefined);
    const held = await heldElsewhere();
    const all = /** @type {Draft[]} */ (await ofUser("drafts", user).catch(() => []));
    const mine = all.filter((draft) => draft.event === event && !held.has(lockName(draft.id)));
    const fitting = mine.filter((draft) => draft.entry === "" || draft.entry === entry);
    return fitting.sort((one, other) => other.at - one.at);
  }

  /** Hold the name of this draft, so that another page of the same desk does not take it for left behind. */
  hold() {
    this.#release?.();
    this.#release = undefined;
    if (!navigator.locks) return;
    void navigator.locks.request(lockName(this.id), { ifAvailable: true }, (lock) => {
      if (!lock) return;
      return new Promise((resolve) => (this.#release = () => resolve(undefined)));
    });
  }

  /** @param {Draft} draft */
  async restore(draft) {
    fill(this.form, draft.composition);
    this.hold();
    if (draft.parked) await this.save();
  }

  async save({ parked = false } = {}) {
    clearTimeout(this.#timer);
    this.#changedAt = 0;
    const draft = this.#draft(parked);
    if (same(draft.composition, this.blank)) return forget("drafts", this.id).catch(() => undefined);
    await keep("drafts", draft).then(() => this.kept(draft.at), () => this.kept(0));
  }

  /** @param {boolean} parked @returns {Draft} */
  #draft(parked) {
    const composition = read(this.form);
    return { ...this.whose, id: this.id, at: Date.now(), title: titleOf(composition), parked, composition };
  }

  /** The page goes within this moment, and the database of the device would answer in the next. */
  #saveNow() {
    const draft = this.#draft(false);
    if (!this.#changedAt || same(draft.composition, this.blank)) return;
    try {
      localStorage.setItem(LAST_MOMENT + draft.id, JSON.stringify(draft));
    } catch {
      void this.save(); // too large, or not allowed: most browsers still finish this
    }
  }

  /** @param {string} [id] */
  async drop(id = this.id) {
    clearTimeout(this.#timer);
    this.#changedAt = 0;
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

async function heldElsewhere() {
  const state = await navigator.locks?.query();
  return new Set(state?.held?.map((lock) => lock.name));
}
