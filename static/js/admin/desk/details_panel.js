import { ask, post } from "../server_request.js";
import { editorIn } from "../editors.js";
import { clearRefusal, showRefusal } from "../refusals.js";
import { withLogin } from "../login_dialog.js";
import { translate } from "../strings.js";

/** @typedef {"title" | "standfirst" | "key_points" | "sensitive"} Name */
/** @typedef {Record<Name, string | boolean> & { version: number }} Details the state on the server */

/** @type {Name[]} */
const NAMES = ["title", "standfirst", "key_points", "sensitive"];

/** Edits “What we know”, the title and the like beside the form. Changes that others save are taken over, except in
 * fields that were changed here: only these are sent, and only they can conflict. */
export class DetailsPanel extends HTMLElement {
  #stop = new AbortController();
  /** @type {Set<Name>} */
  #touched = new Set();
  /** @type {Record<string, string | boolean>} what stood at the desk when it was taken over */
  #base = {};
  #showing = false;
  #isSending = false;
  #saveAgain = false;

  connectedCallback() {
    const { signal } = (this.#stop = new AbortController());
    const form = this.#form;
    for (const name of NAMES) {
      const field = this.#field(name);
      this.#base[name] = name === "sensitive" ? field.defaultChecked : field.defaultValue;
    }
    form.addEventListener("submit", this.#onSubmit, { signal });
    form.addEventListener("input", this.#onInput, { signal });
    form.addEventListener("keydown", this.#onKey, { signal, capture: true });
    document.addEventListener("desk:event", () => void this.#refresh(), { signal });
    window.addEventListener("beforeunload", (event) => this.#isUnsaved && event.preventDefault(), { signal });
    const order = /** @type {HTMLElement} */ (this.querySelector(".order"));
    order.hidden = false;
    order.addEventListener("click", this.#onOrder, { signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  get #editor() {
    return editorIn(this);
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  /** The editor fires an event of its text area for each change, also for those made by this class. */
  #onInput = (/** @type {Event} */ event) => {
    const name = /** @type {Name} */ (/** @type {HTMLInputElement} */ (event.target).name);
    if (!this.#showing && NAMES.includes(name)) this.#touched.add(name);
  };

  /** Saves one request at a time; what was typed in the meantime follows. */
  #onSubmit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    this.#saveAgain = this.#isSending;
    if (this.#isSending) return;
    this.#isSending = true;
    const isSaved = await this.#saveOnce();
    this.#isSending = false;
    if (isSaved && this.#saveAgain && this.#touched.size) this.#form.requestSubmit();
  };

  async #saveOnce() {
    const form = this.#form;
    clearRefusal(form);
    let response = await withLogin(() => this.#send());
    if (response.state === "refused" && response.now && !this.#collides(response.now)) {
      this.#accept(response.now); // what somebody else has saved does not touch the fields changed here
      response = await this.#send();
    }
    if (response.state === "refused") {
      if (response.now) this.#accept(response.now, NAMES);
      showRefusal(form, response);
    } else this.#showStatus(response.state === "sent" ? (response.message ?? "") : reasonOf(response));
    return response.state === "sent";
  }

  /** @returns {Promise<import("../server_request.js").ServerResponse & { now?: Details }>} */
  async #send() {
    const data = new FormData(this.#form);
    const touched = [...this.#touched];
    data.set("touched", touched.join(" "));
    this.#touched.clear(); // fields touched from here on are not in the request
    const response = /** @type {any} */ (await post(this.dataset.address ?? "", data));
    if (response.state === "sent") this.#accept(response.now, touched);
    else for (const name of touched) this.#touched.add(name);
    return response;
  }

  /** Show what somebody else has changed, except in fields that were changed here. */
  async #refresh() {
    const details = this.#isSending ? {} : await ask(this.dataset.address ?? "");
    // Else the response to the save has it.
    if (details.version >= Number(this.#field("version").value) && !this.#isSending) this.#accept(details);
  }

  /** Whether closing the page would lose something. */
  get #isUnsaved() {
    return this.#isSending || [...this.#touched].some((name) => this.#value(name) !== this.#base[name]);
  }

  /** Whether somebody else has changed a field that was changed here.
   * @param {Details} details @param {Name[]} [seen] */
  #collides(details, seen = []) {
    return [...this.#touched].some((name) => !seen.includes(name) && details[name] !== this.#base[name]);
  }

  /** Take over the state of the server. The version is taken over only if none of our changed fields conflicts with it,
   * except fields that were `seen` here or saved from here: otherwise saving would overwrite what nobody here has
   * read.
   * @param {Details} details @param {Name[]} [seen] */
  #accept(details, seen = []) {
    if (!this.#collides(details, seen)) this.#field("version").value = String(details.version);
    for (const name of NAMES) {
      if (!this.#touched.has(name)) this.#show(name, details[name]);
      if (seen.includes(name) || !this.#touched.has(name)) this.#base[name] = details[name];
    }
  }

  /** @param {Name} name */
  #value(name) {
    return name === "sensitive" ? this.#field(name).checked : this.#field(name).value;
  }

  /** @param {Name} name @param {string | boolean} value */
  #show(name, value) {
    const field = this.#field(name);
    if (name === "sensitive") field.checked = Boolean(value);
    else if (value === this.#base[name] || value === field.value) return; // the caret may be in the field
    else if (name !== "key_points" || !this.#editor) field.value = String(value);
    else {
      this.#showing = true;
      this.#editor.commands.setContent(String(value));
      this.#showing = false;
    }
  }

  #onOrder = (/** @type {Event} */ event) => {
    const pressed = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-point]"));
    if (pressed) this.#move(pressed.dataset.point === "up" ? -1 : 1);
  };

  #onKey = (/** @type {KeyboardEvent} */ event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way && event.altKey && /** @type {Element} */ (event.target).closest(".ProseMirror")) {
      event.preventDefault();
      this.#move(way);
    } else if (event.key === "Enter" && !event.isComposing && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) this.#form.requestSubmit();
    }
  };

  /** Swap the point with the caret and its neighbour. @param {number} way */
  #move(way) {
    const editor = this.#editor;
    if (!editor) return;
    const { state, view } = editor;
    const { $from } = state.selection;
    const at = $from.index(0);
    /** @type {any[]} */
    const points = [];
    state.doc.forEach((/** @type {any} */ point) => points.push(point));
    if (at + way < 0 || at + way >= points.length) return;
    const within = $from.pos - $from.before(1);
    points.splice(at + way, 0, ...points.splice(at, 1));
    const start = points.slice(0, at + way).reduce((sum, point) => sum + point.nodeSize, 0);
    const moved = state.tr.replaceWith(0, state.doc.content.size, points);
    view.dispatch(moved.setSelection(state.selection.constructor.near(moved.doc.resolve(start + within))).scrollIntoView());
    view.focus();
  }

  /** @param {string} text */
  #showStatus(text) {
    const status = /** @type {HTMLElement} */ (this.querySelector("[data-feedback]"));
    status.textContent = text;
  }
}

/** The reason why nothing was saved, or why that is not known.
 * @param {import("../server_request.js").ServerResponse} response */
function reasonOf(response) {
  const known = { login: "login_ended", busy: "busy", stranger: "stranger" }[String(response.state)];
  return response.reason || translate(known ?? "no_line");
}
