import { addBlock, removeBlock } from "./block_list.js";
import { showExcess } from "./field_limits.js";

/** @typedef {import("./composition.js").Composition} Composition */
/** @typedef {import("./composition.js").Block} Block */

/** Replace the content of the form with a composition. The caret is not moved.
 * @param {HTMLFormElement} form
 * @param {Composition} composition */
export function fill(form, composition) {
  const blocks = /** @type {HTMLElement} */ (form.querySelector("entry-blocks"));
  blocks.dataset.filling = "";
  for (const note of blocks.querySelectorAll(".deleted")) note.remove();
  for (const block of blocks.querySelectorAll(".block:not(.empty-form)")) removeBlock(/** @type {HTMLElement} */ (block));
  for (const block of composition.blocks) fillBlock(addBlock(form, block.kind), block);
  fillFields(form, composition.fields);
  showExcess(form);
  queueMicrotask(() => delete blocks.dataset.filling);
}

/** @param {HTMLElement} block @param {Block} values */
function fillBlock(block, { values, uploads }) {
  for (const [name, list] of Object.entries(values)) {
    const controls = /** @type {HTMLInputElement[]} */ ([...block.querySelectorAll(`[name$="-${CSS.escape(name)}"]`)]);
    setValues(controls, list);
  }
  for (const input of /** @type {NodeListOf<any>} */ (block.querySelectorAll("picture-input"))) {
    input.restore(uploads?.[input.dataset.field ?? ""] ?? "");
  }
}

/** @param {HTMLFormElement} form @param {Record<string, string[]>} fields */
function fillFields(form, fields) {
  for (const [name, list] of Object.entries(fields)) {
    const controls = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]);
    const last = controls.at(-1);
    while (last && last.type === "select-one" && controls.length < list.length) controls.push(addSelect(last));
    setValues(controls, list);
  }
}

/** Add another list of names, because the draft has more than the form. @param {HTMLElement} list */
function addSelect(list) {
  const copy = /** @type {HTMLInputElement} */ (list.cloneNode(true));
  copy.id = `${copy.id}_more`;
  list.parentElement?.append(copy);
  return copy;
}

/** @param {HTMLInputElement[]} controls @param {string[]} list */
function setValues(controls, list) {
  controls.forEach((control, index) => {
    if (["checkbox", "radio"].includes(control.type)) control.checked = list.includes(control.value);
    else control.value = list[index] ?? "";
  });
}
