import { ask, post } from "../desk_request.js";
import { editorIn } from "../editors.js";
import { clearRefusal, showRefusal } from "../refusals.js";
import { say } from "../strings.js";

/** What we know, the title and the like, changed beside the form; what others save meanwhile is taken over. */
export class DeskPanel extends HTMLElement {
  #stop = new AbortController();
  #dirty = false;

  connectedCallback() {
    const { signal } = (this.#stop = new AbortController());
    const form = this.#form;
    form.addEventListener("submit", this.#save, { signal });
    form.addEventListener("input", () => (this.#dirty = true), { signal });
    form.addEventListener("keydown", this.#press, { signal, capture: true });
    document.addEventListener("desk:event", () => void this.#refresh(), { signal });
    const order = /** @type {HTMLElement} */ (this.querySelector(".order"));
    order.hidden = false;
    order.addEventListener("click", this.#order, { signal });
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

  #save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const form = this.#form;
    clearRefusal(form);
    const user = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=desk-user]"))?.content ?? "";
    const told = await post(this.dataset.address ?? "", new FormData(form), user);
    if (told.state === "sent") {
      this.#dirty = false;
      this.#set("version", String(told.instead?.version ?? ""));
      this.#say(told.said ?? "");
    } else if (told.state === "refused") showRefusal(form, told);
    else this.#say(say(told.state === "login" ? "login_ended" : "no_line"));
  };

  /** Somebody has changed the live blog: show it here, unless something is being typed. */
  async #refresh() {
    if (this.#dirty) return;
    const now = await ask(this.dataset.address ?? "");
    if (now.version === undefined || this.#dirty) return;
    for (const name of ["title", "standfirst", "version"]) this.#set(name, String(now[name] ?? ""));
    const sensitive = /** @type {HTMLInputElement} */ (this.#form.elements.namedItem("sensitive"));
    sensitive.checked = now.sensitive;
    this.#editor?.commands.setContent(now.key_points);
    this.#dirty = false;
  }

  /** @param {string} name @param {string} value */
  #set(name, value) {
    /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name)).value = value;
  }

  #order = (/** @type {Event} */ event) => {
    const press = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-point]"));
    if (press) this.#move(press.dataset.point === "up" ? -1 : 1);
  };

  #press = (/** @type {KeyboardEvent} */ event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way && event.altKey && /** @type {Element} */ (event.target).closest(".ProseMirror")) {
      event.preventDefault();
      this.#move(way);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.#form.requestSubmit();
    }
  };

  /** The point that the caret is in changes places with its neighbour. @param {number} way */
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
    this.#dirty = true;
  }

  /** @param {string} text */
  #say(text) {
    const said = /** @type {HTMLElement} */ (this.querySelector("[data-said]"));
    said.textContent = text;
  }
}
