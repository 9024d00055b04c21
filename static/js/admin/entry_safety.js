import { nextOf, read, same } from "./composition.js";
import { post } from "./server_request.js";
import { DraftShelf } from "./draft_list.js";
import { asDraft, Drafts } from "./drafts.js";
import { focusText, showCaret } from "./editors.js";
import { arranged, fill } from "./form_filling.js";
import { Outbox } from "./outbox.js";
import { OutboxList } from "./outbox_list.js";
import { DeskDraft, discardAtTheDesk, hideOwnRow } from "./server_draft.js";
import { takePhotos } from "./photo_drop.js";
import { clearRefusal, showRefusal } from "./refusals.js";
import { isAsking, logInAgain, logInUnlessDeclined, staysAway } from "./login_dialog.js";
import { note } from "./saved_note.js";
import { isShut, keep } from "./store.js";
import { clock, newKey, say } from "./strings.js";
import { alone, OtherTabs, tellTabs } from "./tabs.js";
import { findUpload } from "./upload.js";
import { uploadLine } from "./upload_transport.js";

const TWICE = 1000; // ms after sending in which an empty form is not sent: it is a double click

/** @typedef {import("./outbox.js").Item} Item */
/** @typedef {import("./server_request.js").Told} Told */

/** Keeps everything that is written: on the device while it is typed, in the outbox until it is sent, and back in the
 * form when it is refused. Attaches to the form, which fires `composer:sent` after sending and accepts `composer:park`
 * to put its content aside. */
export class EntrySafety extends HTMLElement {
  #stop = new AbortController();
  /** @type {ReturnType<typeof this.assemble> | undefined} */
  #parts;
  /** @type {WeakSet<Item>} */
  #ours = new WeakSet();
  #clearedAt = -Infinity;

  connectedCallback() {
    this.#stop = new AbortController();
    void arranged.then(() => (this.isConnected ? this.#start() : undefined));
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#parts = undefined;
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.closest("entry-composer")?.querySelector("form.write"));
  }

  get desk() {
    const { user = "", event = "", entry = "", pictures = "", session = "", login = "", partSize } = this.dataset;
    return { user, event, entry, pictures, session, login, partSize: Number(partSize) };
  }

  /** How this form uploads files. */
  get line() {
    return uploadLine(this.desk);
  }

  get #address() {
    return this.#form.getAttribute("action") || location.pathname + location.search;
  }

  assemble() {
    const { user, event, entry } = this.desk;
    const drafts = new Drafts(this.#form, { user, event, entry }, (at) => this.#kept(at));
    const list = new OutboxList(/** @type {HTMLElement} */ (this.querySelector("[data-outbox]")), {
      edit: (item) => void this.#edit(item),
      draft: (item) => void this.#asDraft(item),
      send: (item) => void outbox.confirm(item),
      retry: () => void outbox.pump(),
      logIn: () => void logInAgain(this.desk),
    });
    const outbox = new Outbox({
      user,
      now: () => Date.now(),
      post: (address, data) => post(address, data, user),
      upload: (key) => findUpload(key, this.line),
      logIn: () => logInUnlessDeclined(this.desk),
      isAsking,
      staysAway: () => staysAway(this.desk),
      alone: (work) => alone(`desk-outbox:${user}`, work),
      changed: () => list.draw(outbox.items),
      gone: () => tellTabs({ about: "outbox", user }),
      sent: (item, told) => void this.#sent(item, told),
      refused: (item) => void this.#refused(item),
    });
    const explain = (/** @type {Told | undefined} */ told) => told && showRefusal(this.#form, told);
    const shelf = new DraftShelf(this, drafts, explain, {
      discarded: (draft) => void this.#discarded(draft),
      empty: () => this.#empty(),
    });
    const desk = new DeskDraft({
      read: () => read(this.#form),
      post: (data) => post(this.#address, data, user),
      told: (told) => this.#keptAtTheDesk(told),
    });
    const tabs = new OtherTabs(/** @type {HTMLElement} */ (this.querySelector("[data-tabs]")), this.desk, drafts, outbox);
    return { drafts, list, outbox, shelf, desk, tabs };
  }

  async #start() {
    const form = this.#form;
    const { signal } = this.#stop;
    const { drafts, outbox, shelf, tabs } = (this.#parts = this.assemble());
    form.addEventListener("submit", this.#submit, { signal });
    form.addEventListener("composer:park", (event) => void this.#park(event), { signal });
    for (const back of ["online", "desk:back"]) window.addEventListener(back, () => void outbox.pump(), { signal });
    window.addEventListener("desk:leaving", () => this.#stop.abort(), { signal });
    takePhotos(form, signal);
    document.addEventListener("visibilitychange", () => document.hidden && this.#parts?.desk.hurry(), { signal });
    signal.addEventListener("abort", () => void this.#parts?.desk.settle());
    if (form.querySelector("[data-errors]")) await drafts.hold();
    else await shelf.open();
    hideOwnRow(this.#key);
    drafts.watch(signal);
    this.dataset.ready = "";
    showCaret(); // restored content above has pushed it down
    tabs.watch(signal);
    await tabs.look();
    await outbox.start();
  }

  #submit = (/** @type {SubmitEvent} */ event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter ?? this.#form.querySelector("[data-send]"));
    if (event.defaultPrevented || !button || !this.#parts) return;
    event.preventDefault();
    const { drafts, outbox, shelf, desk } = this.#parts;
    if (drafts.isPristine && performance.now() - this.#clearedAt < TWICE) return;
    const { user, event: about, entry } = this.desk;
    const composition = read(this.#form);
    const key = entry ? `entry:${entry}` : composition.fields.key?.[0] || newKey();
    /** @type {Item} */
    const item = {
      id: [user, key, newKey()].join(":"), key, user, event: about, entry, composition, at: Date.now(), state: "sending",
      address: this.#address, button: { name: button.name, value: button.value },
    };
    this.#ours.add(item);
    drafts.onlyHere = button.name === "_schedule";
    const draft = drafts.id;
    clearRefusal(this.#form);
    shelf.quiet();
    const settled = desk.settle().then(() => {
      if (entry && desk.version) composition.fields.version = [desk.version];
    });
    const laid = outbox.lay(item, settled);
    if (!entry && button.matches("[data-send]")) this.#clear();
    const isTypedOn = () => drafts.id === draft && !same(read(this.#form), composition);
    void laid.then(() => (item.kept ? void outbox.pump() : outbox.pump())) // what could not be stored there keeps its draft until then
      .then(() => (isTypedOn() ? undefined : drafts.drop(draft)));
    queueMicrotask(() => history.replaceState(null, "", location.pathname + location.search)); // removes content-editor's scroll position
  };

  /** Put the content of the form aside, for an empty form or for other content. @param {Event} event */
  async #park(event) {
    await this.#parts?.shelf.park();
    const then = /** @type {CustomEvent<{ then?: () => void } | null>} */ (event).detail?.then;
    if (then) then();
    else this.#clear();
  }

  /** Discard the copy on the server too. @param {import("./drafts.js").Draft} draft */
  async #discarded({ entry, composition }) {
    const [key = ""] = composition.fields.key ?? [];
    if (entry || !key) return;
    await this.#parts?.desk.settle(); // a save may be in progress
    await discardAtTheDesk(key, this.dataset.discard ?? "", this.desk.user);
    hideOwnRow(this.#key);
  }

  /** Empty the form after its draft was discarded. */
  #empty() {
    if (!this.desk.entry) return this.#clear();
    const { cameBack, blank } = /** @type {Drafts} */ (this.#parts?.drafts);
    if (cameBack) return location.assign(this.#address); // the server knows the current state
    clearRefusal(this.#form);
    fill(this.#form, blank);
  }

  /** Empty the form, give it a new key, and place the caret in it. */
  #clear() {
    if (!this.#parts) return;
    const { drafts, desk } = this.#parts;
    clearRefusal(this.#form);
    desk.reset();
    drafts.onlyHere = false;
    fill(this.#form, nextOf(drafts.blank, newKey()));
    this.#clearedAt = performance.now();
    void drafts.hold();
    const text = this.#form.querySelector(".block-text:not(.empty-form)");
    if (text) setTimeout(() => focusText(text));
  }

  /** @param {Item} item @param {Told} told */
  async #sent(item, told) {
    if (!this.#parts) return;
    const { drafts, outbox, list } = this.#parts;
    list.drawSent(told.said ?? "");
    const detail = { ...told, isNew: !item.entry, id: item.key };
    const here = item.entry === this.desk.entry && item.address === this.#address;
    const isInForm = item.entry ? here : item.key === this.#key;
    const isTypedOn = isInForm && !drafts.isPristine && !same(read(this.#form), item.composition);
    if (isTypedOn) {
      drafts.onlyHere = told.entry?.status !== "draft";
      void drafts.save();
    } else if (isInForm && !item.entry && told.entry?.status !== "draft") this.#clear(); // sent by another button than the main one
    const event = new CustomEvent("composer:sent", { bubbles: true, cancelable: true, detail });
    if (!this.#form.dispatchEvent(event) || !here || !item.entry || item.followsUp || !told.next) return;
    if (isTypedOn || outbox.items.some((each) => each.key === item.key)) return this.#writeOn(item, told);
    await drafts.drop();
    this.#stop.abort();
    location.assign(told.next);
  }

  /** Turn what was typed during sending into a change of the entry as it is now.
   * @param {Item} item @param {Told} told */
  async #writeOn(item, told) {
    if (!this.#parts || !told.entry || !this.#ours.has(item)) return; // based on another version: both are shown once it is sent
    const { drafts, desk } = this.#parts;
    desk.version = String(told.entry.version);
    drafts.rest(item.composition, desk.version);
    await drafts.save();
    const isDraftForm = this.#form.dataset.autosave !== undefined;
    if (isDraftForm && told.entry.status !== "draft") location.assign(told.entry.change); // the page of the change has the buttons that fit
  }

  /** Put a refused item back into its form if that was sent just now; later it stays in the outbox until its writer
   * opens it.
   * @param {Item} item */
  async #refused(item) {
    if (this.#parts && this.#ours.has(item)) this.#parts.drafts.onlyHere = false;
    if (!this.#parts || item.waited || item.followsUp || item.address !== this.#address) return;
    const stillStands = item.key === this.#key && same(read(this.#form), item.composition);
    if (!item.entry && !stillStands && !this.#parts.drafts.isPristine) return;
    await this.#putBack(item);
  }

  /** @param {Item} item */
  async #putBack(item) {
    if (!this.#parts) return;
    const { drafts, outbox, desk } = this.#parts;
    if (item.told?.other) desk.halt();
    const stands = item.key === this.#key && same(read(this.#form), item.composition);
    if (!item.entry && !stands) fill(this.#form, item.composition);
    await drafts.hold();
    if (item.told) showRefusal(this.#form, item.told);
    await drafts.save();
    await outbox.take(item); // it is stored as a draft by now
  }

  /** @param {Item} item */
  async #edit(item) {
    if (!this.#parts) return;
    const { drafts, outbox, shelf } = this.#parts;
    if (item.address === this.#address && item.entry === this.desk.entry) {
      const isTyped = !drafts.isPristine && !same(read(this.#form), item.composition);
      if (isTyped && item.entry && !(await drafts.aside())) return;
      if (isTyped && !item.entry) await shelf.park();
      if (item.entry) fill(this.#form, item.composition);
      await this.#putBack(item);
      return shelf.draw();
    }
    await keep("drafts", asDraft(item, false));
    await outbox.take(item);
    location.assign(item.address);
  }

  /** @param {Item} item */
  async #asDraft(item) {
    await keep("drafts", asDraft(item, true));
    await this.#parts?.outbox.take(item);
    await this.#parts?.shelf.draw();
  }

  get #key() {
    return /** @type {HTMLInputElement | null} */ (this.#form.querySelector("[name=key]"))?.value ?? "";
  }

  /** @param {Told} told */
  #keptAtTheDesk(told) {
    if (told.state === "sent") note(this.#form, say("saved_at_desk", { at: clock(Date.now()) }));
    else if (told.instead?.version !== undefined) note(this.#form, say("saved_elsewhere"));
  }

  /** @param {number} at */
  #kept(at) {
    if (isShut()) return note(this.#form, "");
    note(this.#form, at ? say("saved", { at: clock(at) }) : say("not_saved"));
    const { drafts, outbox, desk } = this.#parts ?? {};
    const isSending = outbox?.items.some((item) => this.#ours.has(item) && item.state === "sending"); // it would cross the response
    if (this.#form.dataset.autosave !== undefined && !drafts?.onlyHere && !isSending) desk?.touch();
  }
}
