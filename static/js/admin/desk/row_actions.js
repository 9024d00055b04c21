import { parsePage } from "../../html.js";
import { openDialog } from "../dialog.js";
import { withLogin } from "../login_dialog.js";
import { errorOf } from "../refusals.js";
import { post } from "../server_request.js";
import { button, element, translate } from "../strings.js";
import { RowCorrection } from "./row_correction.js";

/** Handles the buttons and links of the rows without leaving the desk. */
export class RowActions {
  /** @type {RowCorrection | undefined} */
  #correction;
  #isOpening = false;

  /** @param {import("./timeline.js").DeskTimeline} host @param {() => void} done @param {AbortSignal} signal */
  constructor(host, done, signal) {
    this.host = host;
    this.done = done;
    for (const part of [host, document.querySelector("[data-notice]")]) part?.addEventListener("click", this.#onClick, { signal });
    document.addEventListener("submit", this.#onUndo, { signal });
    document.addEventListener("composer:open", this.#onRefused, { signal });
  }

  #onClick = (/** @type {Event} */ happened) => {
    const event = /** @type {MouseEvent} */ (happened);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = /** @type {Element} */ (event.target);
    const pressed = /** @type {HTMLButtonElement | null} */ (target.closest("button[formaction]"));
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-action]:not([data-action=history]), a[data-undo-asks]"));
    if (!pressed && !link) return;
    event.preventDefault();
    if (pressed) void this.#post(pressed);
    else if (link?.matches("[data-row]:not(.open) [data-action=correct]")) void this.#correct(link);
    else if (link?.matches("[data-action=edit], [data-action=correct]")) this.#open(link.href);
    else if (link) void this.#openDialog(link.href);
  };

  /** Handles “Undo” of the last action. @param {Event} event */
  #onUndo = (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const line = form.closest("last-action");
    if (!line) return;
    event.preventDefault();
    line.remove();
    void this.#send(form.action, new FormData(form));
  };

  /** Show a correction that was refused later, in its row. @param {Event} event */
  #onRefused = (event) => {
    const { entry, address } = /** @type {CustomEvent<import("../outbox.js").Item>} */ (event).detail;
    const row = `[data-row="${CSS.escape(entry)}"]:not(.open)`;
    const link = /** @type {HTMLAnchorElement | null} */ (this.host.querySelector(`${row} [data-action=correct]`));
    if (!link || new URL(link.href).pathname !== address) return;
    event.preventDefault();
    void this.#correct(link);
  };

  /** Open another update; what is being written becomes a draft. @param {string} address */
  #open(address) {
    const form = document.querySelector("form.write");
    const leave = () => location.assign(address);
    if (!form) return leave();
    const parked = new CustomEvent("composer:park", { detail: { then: leave } });
    form.dispatchEvent(parked);
    if (!document.querySelector("entry-safety[data-ready]")) leave();
  }

  /** Correct an update in its row. @param {HTMLAnchorElement} link */
  async #correct(link) {
    const row = /** @type {HTMLElement} */ (link.closest("[data-row]"));
    if (this.#isOpening || row.querySelector("[data-correction]")) return;
    this.#isOpening = true;
    if (this.#correction?.isOpen) await this.#correction.putAside();
    const done = (/** @type {string} */ message) => {
      this.host.notice.confirm(message);
      this.done();
    };
    const error = (/** @type {string} */ text) => void this.host.showError(text);
    this.#correction = new RowCorrection(row, link.href, { openPage: (address) => this.#open(address), done, error });
    await this.#correction.open().finally(() => (this.#isOpening = false));
  }

  /** Put a correction aside whose row is not shown any more. */
  putDetachedAside() {
    if (!this.#isOpening && this.#correction?.isDetached) void this.#correction.putAside();
  }

  /** Move an update directly above another one. @param {HTMLElement} row @param {string} address @param {string} above */
  async move(row, address, above) {
    row.classList.add("busy");
    const data = new FormData();
    data.append("above", above);
    await this.#send(address, data);
    row.classList.remove("busy");
  }

  /** @param {HTMLButtonElement} pressed */
  async #post(pressed) {
    const row = pressed.closest("[data-row]");
    row?.classList.add("busy");
    pressed.disabled = true;
    const data = new FormData();
    data.append(pressed.name || "back", pressed.value); // an empty body could not be parsed
    await this.#send(pressed.formAction, data);
    row?.classList.remove("busy");
    pressed.disabled = false;
    pressed.focus({ preventScroll: true });
  }

  /** Show a confirmation page in a dialog; a page with more than a form is opened instead. @param {string} address */
  async #openDialog(address) {
    const page = await fetchPage(address);
    if (!page) return location.assign(address);
    if (page.error) return void this.host.showError(page.error);
    const dialog = openDialog("asks", page.title, ...page.content);
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form.stack"));
    for (const back of dialog.querySelectorAll(".send a.btn")) back.replaceWith(button(back.textContent ?? "", () => dialog.close()));
    let isSending = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      const sent = new FormData(form, /** @type {HTMLButtonElement | null} */ (event.submitter));
      if (await this.#send(form.getAttribute("action") || address, sent, dialog)) dialog.close();
      isSending = false;
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!event.repeat) form.requestSubmit(/** @type {HTMLButtonElement | null} */ (form.querySelector(".go")));
    });
    /** @type {HTMLElement | null} */ (form.querySelector("textarea, input:not([type=hidden]), select"))?.focus();
  }

  /** @param {string} address @param {FormData} data @param {HTMLElement} [dialog] where a refusal is shown
   * @returns {Promise<boolean>} */
  async #send(address, data, dialog) {
    const response = await withLogin(() => post(address, data));
    const error = response.state === "sent" ? "" : errorOf(response);
    if (dialog && error) showProblem(dialog, error);
    else if (error) this.host.showError(error);
    else this.host.notice.confirm(response.message ?? "");
    this.done();
    return response.state === "sent";
  }
}

/** @param {HTMLElement} dialog @param {string} error */
function showProblem(dialog, error) {
  const note = dialog.querySelector("[data-problem]") ?? element("p", "", { class: "errornote", role: "alert", "data-problem": "" });
  note.textContent = error;
  dialog.querySelector("h2")?.after(note);
  note.scrollIntoView({ block: "nearest" });
}

/** Fetch a confirmation page: its title and content, or an error; null if it has more than a form.
 * @param {string} address @returns {Promise<{ title: string, content: Node[], error?: string } | null>} */
async function fetchPage(address) {
  try {
    const answer = await fetch(address);
    const page = parsePage(await answer.text());
    const content = page.querySelector("#content-main.narrow");
    const title = page.querySelector("#content > h1")?.textContent?.trim() ?? "";
    const error = answer.ok ? "" : content?.querySelector(".errornote")?.textContent?.trim();
    if (error) return { title, content: [], error };
    return content?.querySelector("form.stack") ? { title, content: [...content.children].map((each) => document.importNode(each, true)) } : null;
  } catch {
    return { title: "", content: [], error: translate("no_line") };
  }
}
