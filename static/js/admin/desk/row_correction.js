import { parsePage } from "../../html.js";
import { openDialog } from "../dialog.js";
import { Drafts } from "../drafts.js";
import { itemOf } from "../outbox_item.js";
import { clearRefusal, errorOf, showRefusal } from "../refusals.js";
import { loadAll } from "../store.js";
import { button, clock, element, translate } from "../strings.js";
import { offerToTakeChanges } from "../take_changes.js";
import { correctionForm, refill, exitButtons } from "./correction_form.js";

/** A correction that is written in the row of its update. It is sent to the page of the correction, whose form it is, by
 * the outbox of the desk's form, and is stored on the device like what is typed there: either shows it again. */
export class RowCorrection {
  #stop = new AbortController();
  #isSending = false;
  /** Why it was refused earlier. @type {import("../server_request.js").ServerResponse | undefined} */
  #refusal;

  /** @param {HTMLElement} row @param {string} address of the page
   * @param {{ openPage: (address: string) => void, done: (message: string) => void, error: (text: string) => void }} desk */
  constructor(row, address, desk) {
    this.pk = row.dataset.row ?? "";
    this.address = new URL(address, location.href).pathname; // as the page itself calls it
    this.desk = desk;
  }

  /** Whether it has a form that holds the lock of its draft. */
  get isOpen() {
    return Boolean(this.form) && !this.#stop.signal.aborted;
  }

  /** Whether its row was left out, which takes the form along. */
  get isDetached() {
    return this.isOpen && !this.form?.isConnected && !this.#isSending;
  }

  async open() {
    const page = await fetchPage(this.address);
    if (!page) return this.desk.error(translate("no_line"));
    const handlers = { leave: () => this.leave(), openPage: () => void this.#openPage() };
    const form = correctionForm(page, this.pk, handlers);
    if (!form) return this.desk.openPage(this.address);
    this.form = form;
    this.drafts = new Drafts(form, { ...scope(), entry: this.pk }, () => undefined);
    if (!(await this.#restore())) return this.desk.openPage(this.address);
    const row = document.querySelector(`[data-list] [data-row="${this.pk}"]`); // drawn anew since
    if (!row) return this.putAside();
    this.#listen();
    row.append(form);
    for (const block of form.querySelectorAll(".block-text")) block.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: "correction" } })); // makes its editor
    if (this.#refusal) return this.#refuse(this.#refusal);
    this.#note?.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  get #note() {
    return /** @type {HTMLElement | null | undefined} */ (this.form?.querySelector("[name=correction]"));
  }

  /** Show what was typed earlier; whether the row can show it. */
  async #restore() {
    const { drafts, form } = this;
    if (!drafts || !form) return false;
    const draft = (await drafts.loadOthers({ waits: true })).find(({ entry, parked }) => entry === this.pk && !parked);
    const stored = draft ?? (await this.#waiting());
    if (stored && !refill(form, stored.composition)) return false;
    await drafts.hold();
    if (!stored) return true;
    drafts.basedOn(stored.base);
    this.#refusal = stored.response;
    form.prepend(element("p", translate("restored", { at: clock(stored.at) }), { class: "quiet", role: "status" }));
    if (stored.id !== drafts.id) await drafts.save().then(() => drafts.drop(stored.id));
    return true;
  }

  /** What is still to be sent of this update: the next correction contains it. */
  async #waiting() {
    const items = await loadAll("outbox", scope().user).catch(() => []);
    return items.find(({ entry, address }) => entry === this.pk && address === this.address);
  }

  #listen() {
    const { signal } = this.#stop;
    const { drafts, form } = this;
    if (!drafts || !form) return;
    drafts.watch(signal);
    offerToTakeChanges(form, drafts, () => void drafts.save(), signal, (_form, merged) => {
      if (!refill(form, merged)) void this.#openPage(); // which can take them
    });
    form.addEventListener("submit", (event) => void this.#onSubmit(event), { signal });
    form.addEventListener("keydown", this.#onKey, { capture: true, signal }); // before the editor, where it is a line break
    window.addEventListener("desk:leaving", () => this.#stop.abort(), { signal });
  }

  #onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const target = /** @type {Element} */ (event.target);
    const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    const isLine = event.key === "Enter" && (target instanceof HTMLInputElement || target.matches("[name=headline]"));
    if (event.key !== "Escape" && !isSend && !isLine) return;
    event.preventDefault(); // Enter in the note must not publish
    event.stopPropagation();
    const send = /** @type {HTMLButtonElement | null | undefined} */ (this.form?.querySelector("[data-send]"));
    if (event.key === "Escape") this.leave();
    else if (isSend && send && !event.repeat) this.form?.requestSubmit(send);
  };

  /** @param {SubmitEvent} event */
  async #onSubmit(event) {
    if (event.defaultPrevented || !this.form || !this.drafts) return;
    event.preventDefault();
    if (this.#isSending) return;
    const pressed = /** @type {HTMLButtonElement} */ (event.submitter ?? this.form.querySelector(".send [type=submit]:not(:disabled)"));
    this.#isSending = this.form.inert = true;
    await this.drafts.save(); // until the outbox or the server has it
    const safety = /** @type {import("../entry_safety.js").EntrySafety} */ (document.querySelector("entry-safety"));
    const response = await safety.send(itemOf(this.drafts, this.address, pressed));
    this.#isSending = this.form.inert = false;
    if (response && response.state !== "sent") return this.#refuse(response);
    await this.#close();
    if (response) this.desk.done(response.message ?? "");
  }

  /** @param {import("../server_request.js").ServerResponse} response */
  #refuse(response) {
    const form = /** @type {HTMLFormElement} */ (this.form);
    if (!form.isConnected) return this.#refuseDetached(response);
    clearRefusal(form);
    const hidden = Object.entries(response.errors ?? {}).filter(([name]) => form.querySelector(`[hidden] [name="${CSS.escape(name)}"]`));
    const reason = response.errors ? [response.reason, ...hidden.flatMap(([, problems]) => problems)].filter(Boolean).join(" ") : errorOf(response);
    showRefusal(form, { ...response, reason });
    for (const part of form.querySelectorAll(".rest, .rest-menu")) part.remove(); // the page has them
    if (!form.querySelector("[data-exit]")) form.querySelector(".send")?.append(...exitButtons(() => this.leave(), () => void this.#openPage()));
  }

  /** @param {import("../server_request.js").ServerResponse} response */
  #refuseDetached(response) {
    if (this.isOpen) void this.putAside();
    this.desk.error(errorOf(response));
  }

  /** Close it; ask before words are lost. */
  leave() {
    if (this.#isSending) return;
    if (this.drafts?.isPristine) return void this.#close();
    const discard = button(translate("discard"), () => {
      dialog.close();
      void this.#close();
    });
    const stay = button(translate("keep_writing"), () => dialog.close(), "btn go");
    const bar = element("div", "", { class: "send" });
    bar.append(stay, discard);
    const dialog = openDialog("leaving", translate("discard_typed"), bar);
    stay.focus();
  }

  /** Put it aside, because another one opens or its row is left out: it is stored, and shown again when it is opened. */
  async putAside() {
    await this.drafts?.save();
    this.#end();
  }

  async #openPage() {
    await this.putAside();
    this.desk.openPage(this.address);
  }

  async #close() {
    await this.drafts?.drop();
    const row = this.form?.closest("[data-row]"); // drawn anew since
    this.#end();
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-action=correct]") ?? row)?.focus({ preventScroll: true });
  }

  #end() {
    this.#stop.abort();
    this.drafts?.release();
    this.form?.remove();
  }
}

/** Who writes, and in which live blog. */
function scope() {
  const { user = "", event = "" } = /** @type {HTMLElement | null} */ (document.querySelector("entry-safety"))?.dataset ?? {};
  return { user, event };
}

/** @param {string} address */
async function fetchPage(address) {
  try {
    const response = await fetch(address);
    return parsePage(await response.text());
  } catch {
    return null;
  }
}
