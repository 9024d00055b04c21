import { blankCopy, read, same } from "./composition.js";
import { post } from "./server_request.js";
import { DraftList } from "./draft_list.js";
import { asDraft, Drafts } from "./drafts.js";
import { focusText, scrollToCaret } from "./editors.js";
import { showExcess } from "./field_limits.js";
import { fill } from "./form_filling.js";
import { ItemOutcomes } from "./item_outcomes.js";
import { Outbox } from "./outbox.js";
import { connectionOf } from "./outbox_connection.js";
import { itemOf } from "./outbox_item.js";
import { OutboxList } from "./outbox_list.js";
import { ServerDraft, discardOnServer, hideRow } from "./server_draft.js";
import { acceptPhotos } from "./photo_drop.js";
import { clearRefusal, showRefusal } from "./refusals.js";
import { logInAgain } from "./login_dialog.js";
import { SavedNote } from "./saved_note.js";
import { isStoreClosed, save } from "./store.js";
import { newKey } from "./strings.js";
import { offerToTakeChanges } from "./take_changes.js";
import { OtherTabs } from "./tabs.js";
import { uploadTransport } from "./upload_transport.js";

const TWICE = 1000; // ms after sending in which an empty form is not sent: it is a double click

/** @typedef {import("./outbox.js").Item} Item */
/** @typedef {import("./server_request.js").ServerResponse} ServerResponse */

/** Keeps everything that is written: on the device while it is typed, in the outbox until it is sent, and back in the
 * form when it is refused. Attaches to the form, which fires `composer:sent` after sending and accepts `composer:park`
 * to put its content aside. */
export class EntrySafety extends HTMLElement {
  #stop = new AbortController();
  /** @type {ReturnType<typeof this.assemble> | undefined} */
  #parts;
  /** @type {WeakSet<Item>} */
  #sentHere = new WeakSet();
  #outcomes = new ItemOutcomes();
  #clearedAt = -Infinity;

  connectedCallback() {
    this.#stop = new AbortController();
    queueMicrotask(() => (this.isConnected ? this.#start() : undefined)); // once the blocks are in one list
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#parts = undefined;
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.closest("entry-composer")?.querySelector("form.write"));
  }

  /** Send what a row's form contains; resolves with nothing if it waits in the outbox.
   * @param {Item} item @returns {Promise<ServerResponse | undefined>} */
  async send(item) {
    return this.#parts ? this.#outcomes.send(this.#parts.outbox, item) : { state: "busy" };
  }

  get desk() {
    const { user = "", event = "", entry = "", pictures = "", session = "", login = "", partSize } = this.dataset;
    return { user, event, entry, pictures, session, login, partSize: Number(partSize) };
  }

  /** How this form uploads files. */
  get transport() {
    return uploadTransport(this.desk);
  }

  get #address() {
    return this.#form.getAttribute("action") || location.pathname + location.search;
  }

  assemble() {
    const { user, event, entry } = this.desk;
    const drafts = new Drafts(this.#form, { user, event, entry }, (at) => this.#onSaved(at));
    const list = new OutboxList(/** @type {HTMLElement} */ (this.#form.querySelector("[data-outbox]")), {
      edit: (item) => void this.#edit(item),
      draft: (item) => void this.#moveToDrafts(item),
      send: (item) => void outbox.confirm(item),
      retry: () => void outbox.pump(),
      logIn: () => void logInAgain(this.desk),
    });
    const outbox = new Outbox({
      ...connectionOf(this),
      changed: () => {
        list.draw(outbox.items);
        this.#outcomes.leaveWaiting();
      },
      sent: (item, response) => this.#outcomes.settle(item, response) || void this.#onSent(item, response),
      refused: (item) => void (this.#outcomes.settle(item, item.response) ? outbox.remove(item) : this.#onRefused(item)),
    });
    const explain = (/** @type {ServerResponse | undefined} */ response) => response && showRefusal(this.#form, response);
    const draftList = new DraftList(this, drafts, explain, {
      discarded: (draft) => void this.#onDiscarded(draft),
      empty: () => this.#empty(),
    });
    const serverDraft = new ServerDraft({
      read: () => read(this.#form),
      isTooLong: () => Boolean(showExcess(this.#form)),
      post: (data, signal) => post(this.#address, data, user, signal),
      onResponse: (response) => this.#parts?.saved.onServer(response),
    });
    const tabs = new OtherTabs(/** @type {HTMLElement} */ (this.querySelector("[data-tabs]")), this.desk, drafts, outbox);
    const saved = new SavedNote(this.#form, () => outbox.items.some((item) => item.isUnstorable), this.#stop.signal);
    return { drafts, list, outbox, draftList, serverDraft, tabs, saved };
  }

  async #start() {
    const form = this.#form;
    const { signal } = this.#stop;
    const { drafts, outbox, draftList, serverDraft, tabs } = (this.#parts = this.assemble());
    offerToTakeChanges(form, drafts, (version) => (serverDraft.version = version), signal);
    form.addEventListener("submit", this.#onSubmit, { signal });
    form.addEventListener("composer:park", (event) => void this.#onPark(event), { signal });
    for (const back of ["online", "desk:back"]) window.addEventListener(back, () => void outbox.takeOver(), { signal });
    window.addEventListener("desk:leaving", () => this.#stop.abort(), { signal });
    acceptPhotos(form, signal);
    document.addEventListener("visibilitychange", () => document.hidden && this.#parts?.serverDraft.flush(), { signal });
    signal.addEventListener("abort", () => this.#parts?.serverDraft.stop());
    if (form.querySelector("[data-errors]")) await drafts.hold();
    else await draftList.open();
    hideRow(this.#key);
    drafts.watch(signal);
    this.dataset.ready = "";
    scrollToCaret(); // restored content above has pushed it down
    tabs.watch(signal);
    await tabs.refresh();
    await outbox.start();
  }

  #onSubmit = (/** @type {SubmitEvent} */ event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter ?? this.#form.querySelector("[data-send]"));
    if (event.defaultPrevented || !button || !this.#parts) return;
    event.preventDefault();
    const { drafts, outbox, draftList, serverDraft } = this.#parts;
    if (drafts.isPristine && performance.now() - this.#clearedAt < TWICE) return;
    const { entry } = this.desk;
    const item = itemOf(drafts, this.#address, button);
    const { composition } = item;
    this.#sentHere.add(item);
    drafts.onlyHere = button.name === "_schedule";
    const draft = drafts.id;
    clearRefusal(this.#form);
    draftList.clearNote();
    const enqueued = outbox.enqueue(item, serverDraft.prepare(item));
    if (!entry && button.matches("[data-send]")) this.#clear();
    const isTypedOn = () => drafts.id === draft && !same(read(this.#form), composition);
    // What could not be stored there keeps its draft until then.
    void enqueued.then(() => (item.isStored ? void outbox.pump() : outbox.pump()))
      .then(() => (isTypedOn() ? undefined : drafts.drop(draft)));
  };

  /** Put the content of the form aside, for an empty form or for other content. @param {Event} event */
  async #onPark(event) {
    await this.#parts?.draftList.park();
    const then = /** @type {CustomEvent<{ then?: () => void } | null>} */ (event).detail?.then;
    if (then) then();
    else this.#clear();
  }

  /** Discard the copy on the server too. @param {import("./drafts.js").Draft} draft */
  async #onDiscarded({ entry, composition }) {
    const [key = ""] = composition.fields.key ?? [];
    if (entry || !key) return;
    await this.#parts?.serverDraft.settle(); // a save may be in progress
    await discardOnServer(key, this.dataset.discard ?? "", this.desk.user);
    hideRow(this.#key);
  }

  /** Empty the form after its draft was discarded. */
  #empty() {
    if (!this.desk.entry) return this.#clear();
    const { wasRefused, blank } = /** @type {Drafts} */ (this.#parts?.drafts);
    if (wasRefused) return location.assign(this.#address); // the server knows the current state
    clearRefusal(this.#form);
    fill(this.#form, blank);
  }

  /** Empty the form, give it a new key, and place the caret in it. */
  #clear() {
    if (!this.#parts) return;
    const { drafts, serverDraft, saved } = this.#parts;
    clearRefusal(this.#form);
    serverDraft.reset();
    saved.clear();
    drafts.onlyHere = false;
    fill(this.#form, blankCopy(drafts.blank, newKey()));
    this.#clearedAt = performance.now();
    void drafts.hold();
    const text = this.#form.querySelector(".block-text:not(.empty-form)");
    if (text) setTimeout(() => focusText(text));
  }

  /** @param {Item} item @param {ServerResponse} response */
  async #onSent(item, response) {
    if (!this.#parts) return;
    const { drafts, outbox, list } = this.#parts;
    list.drawSent(response.message ?? "");
    const detail = { ...response, isNew: !item.entry, id: item.key };
    const here = item.entry === this.desk.entry && item.address === this.#address;
    const isInForm = item.entry ? here : item.key === this.#key;
    const isTypedOn = isInForm && !drafts.isPristine && !same(read(this.#form), item.composition);
    if (isTypedOn) {
      drafts.onlyHere = response.entry?.status !== "draft";
      void drafts.save();
    } else if (isInForm && !item.entry && response.entry?.status !== "draft") this.#clear(); // sent by another button than the main one
    const event = new CustomEvent("composer:sent", { bubbles: true, cancelable: true, detail });
    if (!this.#form.dispatchEvent(event) || !here || !item.entry || item.followsUp || !response.next) return;
    if (isTypedOn || outbox.items.some((each) => each.key === item.key)) return this.#continueWriting(item, response);
    await drafts.drop();
    this.#stop.abort();
    location.assign(response.next);
  }

  /** Turn what was typed during sending into a change of the entry as it is now.
   * @param {Item} item @param {ServerResponse} response */
  async #continueWriting(item, response) {
    // Based on another version: both are shown once it is sent.
    if (!this.#parts || !response.entry || !this.#sentHere.has(item)) return;
    const { drafts, serverDraft } = this.#parts;
    serverDraft.version = String(response.entry.version);
    drafts.continueFrom(item.composition, serverDraft.version);
    await drafts.save();
    const isDraftForm = this.#form.dataset.autosave !== undefined;
    // The page of the change has the buttons that fit.
    if (isDraftForm && response.entry.status !== "draft") location.assign(response.entry.change);
  }

  /** Put a refused item back into its form if that was sent just now; later it stays in the outbox until its writer
   * opens it.
   * @param {Item} item */
  async #onRefused(item) {
    if (this.#parts && this.#sentHere.has(item)) this.#parts.drafts.onlyHere = false;
    if (!this.#parts || item.waited || item.followsUp || item.address !== this.#address) return;
    const stillStands = item.key === this.#key && same(read(this.#form), item.composition);
    if (!item.entry && !stillStands && !this.#parts.drafts.isPristine) return;
    await this.#putBack(item);
  }

  /** @param {Item} item */
  async #putBack(item) {
    if (!this.#parts) return;
    const { drafts, outbox, serverDraft } = this.#parts;
    if (item.response?.other) serverDraft.stop();
    const stands = item.key === this.#key && same(read(this.#form), item.composition);
    if (!item.entry && !stands) fill(this.#form, item.composition);
    drafts.basedOn(item.base);
    await drafts.hold();
    if (item.response) showRefusal(this.#form, item.response);
    await drafts.save();
    await outbox.remove(item); // it is stored as a draft by now
  }

  /** @param {Item} item */
  async #edit(item) {
    if (!this.#parts) return;
    const { drafts, outbox, draftList } = this.#parts;
    if (item.address === this.#address && item.entry === this.desk.entry) {
      const isTyped = !drafts.isPristine && !same(read(this.#form), item.composition);
      if (isTyped && item.entry && !(await drafts.saveAside())) return;
      if (isTyped && !item.entry) await draftList.park();
      if (item.entry) fill(this.#form, item.composition);
      await this.#putBack(item);
      return draftList.draw();
    }
    await save("drafts", asDraft(item, false));
    await outbox.remove(item);
    const opened = new CustomEvent("composer:open", { bubbles: true, cancelable: true, detail: item });
    if (this.dispatchEvent(opened)) location.assign(item.address);
  }

  /** @param {Item} item */
  async #moveToDrafts(item) {
    await save("drafts", asDraft(item, true));
    await this.#parts?.outbox.remove(item);
    await this.#parts?.draftList.draw();
  }

  get #key() {
    return /** @type {HTMLInputElement | null} */ (this.#form.querySelector("[name=key]"))?.value ?? "";
  }

  /** @param {number} at */
  #onSaved(at) {
    const { drafts, outbox, serverDraft, saved } = this.#parts ?? {};
    saved?.onDevice(at);
    if (isStoreClosed()) return;
    // It would cross the response.
    const isSending = outbox?.items.some((item) => this.#sentHere.has(item) && item.state === "sending");
    if (this.#form.dataset.autosave !== undefined && !drafts?.onlyHere && !isSending) serverDraft?.schedule();
  }
}
