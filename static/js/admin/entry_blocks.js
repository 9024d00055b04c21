import { BLOCK } from "./composition.js";
import { focusText } from "./editors.js";
import { onNoChoice } from "./file_choice.js";

/** Buttons that add, move and delete blocks. content-editor does this with the mouse only and keeps the order in a
 * style; here the elements are put in that order too, so that the keyboard follows the eye. */
export class EntryBlocks extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    const { signal } = (this.#stop = new AbortController());
    document.addEventListener("content-editor:ready", this.#start, { once: true, signal });
    this.addEventListener("click", this.#onClick, { capture: true, signal });
    this.#adding?.addEventListener("click", this.#onAdd, { signal });
    this.addEventListener("formset:added", this.#onAdded, { signal });
    this.addEventListener("drop", this.#arrangeLater, { signal });
    this.closest("form")?.addEventListener("submit", this.#removeDeleted, { signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** The blocks that will be sent, in order. */
  get #blocks() {
    const blocks = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(BLOCK));
    return [...blocks].sort((a, b) => Number(a.style.order) - Number(b.style.order));
  }

  #start = () => {
    if (this.#adding) this.#adding.hidden = false;
    this.#arrange();
  };

  /** The buttons that add blocks, at the lower edge of the form. */
  get #adding() {
    return /** @type {HTMLElement | null | undefined} */ (this.closest("form")?.querySelector("[data-add-blocks]"));
  }

  #onAdd = (/** @type {MouseEvent} */ event) => {
    const kind = /** @type {Element} */ (event.target).closest("button")?.dataset.add;
    if (!kind) return;
    add(kind);
    if (kind === "photo" && matchMedia("(pointer: coarse)").matches) this.#choosePhoto();
  };

  /** Open the camera roll with the same tap; a block that gets no photo goes again. */
  #choosePhoto() {
    const block = this.#blocks.at(-1);
    const file = /** @type {HTMLInputElement | null | undefined} */ (block?.querySelector("input[type=file]"));
    if (!block || !file) return;
    onNoChoice(file, () => remove(block));
    file.click();
  }

  #onClick = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const button = /** @type {HTMLButtonElement | null} */ (target.closest("button[data-do], button[data-undo]"));
    const block = /** @type {HTMLElement | null} */ (target.closest(".block"));
    if (button?.dataset.do && block) this.#moveOrDelete(button.dataset.do, block, button);
    else if (button) this.#undo(button);
    else if (target.closest(".block > h3") && !target.closest(".inline-deletelink")) {
      event.stopPropagation(); // a click on the heading would fold the block
    }
  };

  #onAdded = (/** @type {Event} */ event) => {
    const block = /** @type {HTMLElement} */ (event.target);
    const number = block.id.slice(block.id.lastIndexOf("-") + 1);
    for (const field of block.querySelectorAll("[aria-describedby]")) {
      const ids = field.getAttribute("aria-describedby") ?? ""; // Django's script numbers all names except these
      field.setAttribute("aria-describedby", ids.replaceAll("__prefix__", number));
    }
    this.#arrangeLater();
    if (!("filling" in this.dataset)) queueMicrotask(() => focusFirst(block));
  };

  #moveOrDelete(/** @type {string} */ what, /** @type {HTMLElement} */ block, /** @type {HTMLButtonElement} */ button) {
    if (what === "delete") return this.#delete(block);
    const blocks = this.#blocks;
    const place = blocks.indexOf(block) + (what === "up" ? -1 : 1);
    blocks.splice(blocks.indexOf(block), 1);
    blocks.splice(place, 0, block);
    blocks.forEach((each, index) => setPlace(each, index));
    this.#arrange();
    this.#announce(block.getAttribute("aria-label") ?? "");
    const other = /** @type {HTMLButtonElement} */ (block.querySelector(`[data-do="${what === "up" ? "down" : "up"}"]`));
    (button.disabled ? other : button).focus();
  }

  /** Hide the block, so that this can be undone; it is removed when the form is sent. */
  #delete(/** @type {HTMLElement} */ block) {
    const note = document.createElement("p");
    note.className = "deleted";
    note.style.order = block.style.order;
    note.textContent = `${(this.dataset.deleted ?? "").replace("{name}", block.dataset.name ?? "")} `;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.dataset.undo = "";
    undo.textContent = this.dataset.undo ?? "";
    note.append(undo);
    block.before(note);
    block.hidden = true;
    this.#arrange();
    undo.focus();
  }

  #undo(/** @type {HTMLButtonElement} */ button) {
    const note = /** @type {HTMLElement} */ (button.closest(".deleted"));
    const block = /** @type {HTMLElement} */ (note.nextElementSibling);
    note.remove();
    block.hidden = false;
    this.#arrange();
    focusFirst(block);
  }

  #removeDeleted = () => {
    for (const block of this.querySelectorAll(".block[hidden]")) {
      block.previousElementSibling?.remove();
      /** @type {HTMLElement} */ (block.querySelector(".inline-deletelink")).click();
    }
  };

  #arrangeLater = () => queueMicrotask(() => this.#arrange());

  #arrange() {
    const blocks = this.#blocks;
    let next = null;
    for (const block of [...blocks].reverse()) {
      if (following(block) !== next) block.parentElement?.insertBefore(block, next);
      next = block;
    }
    blocks.forEach((block, index) => {
      const place = (this.dataset.place ?? "").replace("{place}", String(index + 1)).replace("{count}", String(blocks.length));
      block.setAttribute("aria-label", place.replace("{name}", block.dataset.name ?? ""));
      enable(block, "up", index > 0);
      enable(block, "down", index < blocks.length - 1);
    });
  }

  #announce(/** @type {string} */ text) {
    const status = /** @type {HTMLElement} */ (this.querySelector("[data-feedback]"));
    status.textContent = text;
  }
}

/** @param {HTMLElement} block */
function remove(block) {
  block.querySelector(".inline-deletelink")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
}

/** @param {string} kind */
function add(kind) {
  const editor = /** @type {any} */ (window).ContentEditor;
  editor._insertBefore = null;
  editor.addContent(kind);
}

/** @param {HTMLElement} block */
function focusFirst(block) {
  if (block.dataset.kind === "text") return focusText(block);
  const field = /** @type {HTMLElement | null} */ (block.querySelector("input:not([type=hidden]), textarea, select"));
  field?.focus();
}

/** @param {HTMLElement} block @param {number} index */
function setPlace(block, index) {
  const ordering = /** @type {HTMLInputElement} */ (block.querySelector(".order-machine-ordering"));
  ordering.value = block.style.order = String(10 * (index + 1));
}

/** The next block that will be sent. @param {Element} block */
function following(block) {
  let next = block.nextElementSibling;
  while (next && !next.matches(BLOCK)) next = next.nextElementSibling;
  return next;
}

/** @param {HTMLElement} block @param {string} what @param {boolean} possible */
function enable(block, what, possible) {
  const button = /** @type {HTMLButtonElement} */ (block.querySelector(`[data-do="${what}"]`));
  button.disabled = !possible;
}
