import { addBlock } from "./block_list.js";
import { BLOCK } from "./composition.js";
import { shareWords } from "./photo_words.js";
import { focusAltText } from "./picture_input.js";

/** @typedef {import("./picture_input.js").PictureInput} PictureInput */

/** Accepts photos that are pasted or dropped anywhere on the form: each fills the picture it was dropped on, or becomes
 * a block. The same goes for further photos that were chosen together.
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal */
export function acceptPhotos(form, signal) {
  const options = { signal, capture: true };
  shareWords(form, signal);
  form.addEventListener("paste", (event) => {
    const files = event.clipboardData && !isText(event.clipboardData) ? photos(event.clipboardData) : [];
    if (files.length) insertFiles(form, files, event);
  }, options);
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("dropping");
  }, options);
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(/** @type {Node | null} */ (event.relatedTarget))) form.classList.remove("dropping");
  }, options);
  form.addEventListener("drop", (event) => {
    form.classList.remove("dropping");
    if (!event.dataTransfer?.types.includes("Files")) return;
    // The server refuses a file that is no photo, with a reason.
    insertFiles(form, [...event.dataTransfer.files], event);
  }, options);
  form.addEventListener("picture:more", (event) => {
    addBlocks(form, /** @type {CustomEvent<File[]>} */ (event).detail, /** @type {Element} */ (event.target).closest(BLOCK));
  }, options);
}

/** Whether the clipboard holds text. Word adds an image of the text, which is ignored; plain text beside a file is only
 * its name.
 * @param {DataTransfer} data */
function isText(data) {
  const isFormatted = ["text/html", "text/rtf"].some((type) => data.types.includes(type));
  return isFormatted && data.getData("text/plain").trim() !== "";
}

/** @param {DataTransfer} data */
function photos(data) {
  return [...data.files].filter((file) => file.type.startsWith("image/") || /\.(heic|heif|avif)$/i.test(file.name));
}

/** @param {HTMLFormElement} form @param {File[]} files @param {Event} event */
function insertFiles(form, files, event) {
  event.preventDefault();
  event.stopPropagation();
  const target = /** @type {Element} */ (event.target);
  const input = event.type === "drop" && /** @type {PictureInput | null} */ (target.closest("picture-input"));
  const remaining = [...files];
  const first = input && remaining.length ? input : null;
  if (first) first.take(/** @type {File} */ (remaining.shift()));
  const added = addBlocks(form, remaining, target.closest(BLOCK));
  const start = first ?? added[0];
  if (start) setTimeout(() => focusAltText(start)); // after the caret has been placed into the new block
}

/** Add a block for each file. @param {HTMLFormElement} form @param {File[]} files @param {Element | null} after */
function addBlocks(form, files, after) {
  return files.map((file) => {
    after = addBlock(form, "photo", after);
    const field = /** @type {PictureInput} */ (after.querySelector("picture-input"));
    field.take(file);
    return field;
  });
}
