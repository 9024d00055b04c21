import { setUpBlockDragging } from "./block_dragging.js";
import { addBlock, blocksOf, gatherBlocks, putInOrder, removeBlock } from "./block_list.js";
import { BLOCK } from "./composition.js";
import { focusText } from "./editors.js";
import { onNoChoice } from "./file_choice.js";

/** Buttons that add, move and delete blocks. The order is a style, which moves no editor; the elements are put in that order
 * too, so that the keyboard follows the eye. */
export class EntryBlocks extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    const { signal } = (this.#stop = new AbortController());
    gatherBlocks(this);
    this.addEventListener("click", this.#onClick, { capture: true, signal });
    this.#adding?.addEventListener("click", this.#onAdd, { signal });
    this.addEventListener("formset:added", this.#onAdded, { signal });
    this.closest("form")?.addEventListener("submit", this.#removeDeleted, { signal });
    setUpBlockDragging(this, (blocks) => this.#place(blocks), signal);
    if (this.#adding) this.#adding.hidden = false;
    this.#arrange();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** @param {HTMLElement[]} blocks */
  #place(blocks) {
    putInOrder(blocks);
    this.#arrange();
  }

  /** The buttons that add blocks, at the lower edge of the form. */
  get #adding() {
    return /** @type {HTMLElement | null | undefined} */ (this.closest("form")?.querySelector("[data-add-blocks]"));
  }

  #onAdd = (/** @type {MouseEvent} */ event) => {
    const kind = /** @type {Element} */ (event.target).closest("button")?.dataset.add;
    if (!kind) return;
    const block = addBlock(/** @type {HTMLFormElement} */ (this.closest("form")), kind);
    if (kind === "photo" && matchMedia("(pointer: coarse)").matches) choosePhoto(block);
  };

  #onClick = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const button = /** @type {HTMLButtonElement | null} */ (target.closest("button[data-do], button[data-undo]"));
    const block = /** @type {HTMLElement | null} */ (target.closest(".block"));
    if (button?.dataset.do && block) this.#moveOrDelete(button.dataset.do, block, button);
    else if (button) this.#undo(button);
  };

  #onAdded = (/** @type {Event} */ event) => {
    const block = /** @type {HTMLElement} */ (event.target);
    this.#arrangeLater();
    if (!("filling" in this.dataset)) queueMicrotask(() => focusFirst(block));
  };

  #moveOrDelete(/** @type {string} */ what, /** @type {HTMLElement} */ block, /** @type {HTMLButtonElement} */ button) {
    if (what === "delete") return this.#delete(block);
    const blocks = blocksOf(this);
    const place = blocks.indexOf(block) + (what === "up" ? -1 : 1);
    blocks.splice(blocks.indexOf(block), 1);
    blocks.splice(place, 0, block);
    this.#place(blocks);
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
      removeBlock(/** @type {HTMLElement} */ (block));
    }
  };

  #arrangeLater = () => queueMicrotask(() => this.#arrange());

  #arrange() {
    const blocks = blocksOf(this);
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

/** Open the camera roll with the same tap; a block that gets no photo goes again. @param {HTMLElement} block */
function choosePhoto(block) {
  const file = /** @type {HTMLInputElement | null} */ (block.querySelector("input[type=file]"));
  if (!file) return;
  onNoChoice(file, () => removeBlock(block));
  file.click();
}

/** @param {HTMLElement} block */
function focusFirst(block) {
  if (block.dataset.kind === "text") return focusText(block);
  const field = /** @type {HTMLElement | null} */ (block.querySelector("input:not([type=hidden]), textarea, select"));
  field?.focus();
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
