import { BLOCK } from "./composition.js";
import { element } from "./strings.js";

/*
 * The forms of blocks in one list, in the order of the page. Django numbers them by kind, as text-0, text-1, photo-0, and
 * draws one empty form of each kind to copy.
 */

const STEP = 10; // between the places of two blocks
const NUMBERED = ["id", "name", "for", "aria-describedby", "aria-labelledby", "aria-controls", "data-field"];

/** Gather the blocks of all kinds. @param {HTMLElement} host */
export function gatherBlocks(host) {
  const groups = /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll(":scope > .block-forms"));
  if (!groups.length) return;
  const list = element("div", "", { class: "block-list" });
  groups[0].before(list);
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll(".block"))) {
    block.style.order = placeOf(block).value || "0";
    list.append(block);
  }
  for (const group of groups) group.hidden = true; // it holds the number of forms
}

/** The blocks that will be sent, in order. @param {Element} form @returns {HTMLElement[]} */
export function blocksOf(form) {
  const blocks = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(BLOCK));
  return [...blocks].sort((one, other) => Number(one.style.order) - Number(other.style.order));
}

/** Add an empty block at the end, or after another block.
 * @param {HTMLFormElement} form @param {string} kind @param {Element | null} [after] @returns {HTMLElement} */
export function addBlock(form, kind, after = null) {
  const empty = /** @type {HTMLElement} */ (form.querySelector(`#${kind}-empty`));
  const block = /** @type {HTMLElement} */ (empty.cloneNode(true));
  const counter = counterOf(form, kind);
  block.classList.remove("empty-form");
  number(block, Number(counter.value));
  counter.value = String(Number(counter.value) + 1);
  const blocks = blocksOf(form);
  blocks.splice(after ? blocks.indexOf(/** @type {HTMLElement} */ (after)) + 1 || blocks.length : blocks.length, 0, block);
  empty.before(block);
  putInOrder(blocks);
  block.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: kind } }));
  return block;
}

/** Remove a block and close the gap in the numbers. @param {HTMLElement} block */
export function removeBlock(block) {
  const { form } = placeOf(block);
  const kind = block.dataset.kind ?? "";
  block.remove();
  if (!form) return;
  const others = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(`.block-${kind}:not(.empty-form)`));
  const byNumber = [...others].sort((one, other) => numberOf(one) - numberOf(other));
  byNumber.forEach(number);
  counterOf(form, kind).value = String(others.length);
  form.dispatchEvent(new CustomEvent("formset:removed", { bubbles: true, detail: { formsetName: kind } }));
}

/** @param {HTMLElement[]} blocks */
export function putInOrder(blocks) {
  blocks.forEach((block, index) => (placeOf(block).value = block.style.order = String(STEP * (index + 1))));
}

/** @param {HTMLElement} block */
const placeOf = (block) => /** @type {HTMLInputElement} */ (block.querySelector('[name$="-ordering"]'));

/** @param {HTMLElement} block */
const numberOf = (block) => Number(block.id.slice(block.id.lastIndexOf("-") + 1));

/** @param {HTMLFormElement} form @param {string} kind */
const counterOf = (form, kind) => /** @type {HTMLInputElement} */ (form.querySelector(`[name="${kind}-TOTAL_FORMS"]`));

/** Give a block and all that refers to its fields another number. @param {HTMLElement} block @param {number} index */
function number(block, index) {
  const { kind } = block.dataset;
  const before = new RegExp(`(^|[^a-z])${kind}-(?:\\d+|__prefix__)-`, "g");
  for (const each of block.querySelectorAll(NUMBERED.map((name) => `[${name}]`).join())) {
    for (const name of NUMBERED) {
      const value = each.getAttribute(name);
      if (value) each.setAttribute(name, value.replace(before, `$1${kind}-${index}-`));
    }
  }
  block.id = `${kind}-${index}`;
}
