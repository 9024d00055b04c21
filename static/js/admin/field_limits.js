import { lengthOf, splitAt } from "./characters.js";
import { element, translate } from "./strings.js";

/*
 * Limits of the text fields. Browsers cut what is pasted into a field with `maxlength`, without a word and inside a
 * character. So the attribute is taken away, all is kept, the excess is shown below the field, and nothing is sent
 * until it is shortened.
 */

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

const FIELDS = "input[maxlength], textarea[maxlength], [data-limit]";

export function watchLimits() {
  takeOver(document);
  document.addEventListener("focusin", ({ target }) => takeOver(/** @type {Element} */ (target).parentElement ?? document), true);
  document.addEventListener("input", ({ target }) => show(/** @type {Field} */ (target)), true);
  document.addEventListener("submit", refuse, true); // before every other listener
}

/** Fields appear later too, in new blocks and in dialogs. @param {ParentNode} part */
function takeOver(part) {
  for (const field of part.querySelectorAll(FIELDS)) {
    const limit = field.getAttribute("maxlength");
    field.removeAttribute("maxlength");
    if (limit) /** @type {Field} */ (field).dataset.limit = limit;
  }
}

/** The part of the text that is too much. @param {Field} field */
function excessOf({ dataset, value }) {
  return dataset.limit ? splitAt(value.trim(), Number(dataset.limit))[1] : "";
}

/** Call after fields were filled by a script. @param {ParentNode} part @returns {Field | undefined} the first that is too long */
export function showExcess(part) {
  takeOver(part);
  const fields = /** @type {Field[]} */ ([...part.querySelectorAll("[data-limit]")]);
  for (const field of fields) show(field);
  return fields.find(excessOf);
}

/** @param {Field} field */
function show(field) {
  const excess = excessOf(field);
  let line = field.nextElementSibling?.matches(".excess") ? field.nextElementSibling : null;
  if (!excess) return line?.remove();
  if (!line) field.after((line = element("p", "", { class: "excess", role: "status" })));
  line.textContent = translate("too_long", { count: lengthOf(excess), limit: field.dataset.limit ?? "", text: excess });
}

/** @param {SubmitEvent} event */
function refuse(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const first = showExcess(form);
  if (!first) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  first.focus();
}
