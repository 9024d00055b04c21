import { translate } from "./strings.js";

/* Fills the field of captions from a .vtt or .srt file. Without a script people paste its text. */

const LARGEST = 1e6; // bytes; the server's limit of characters is lower
const LABEL = ".field-captions [data-captions-file]";

export function setUpCaptionFiles() {
  show(document);
  document.addEventListener("formset:added", ({ target }) => show(/** @type {Element} */ (target)));
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches(`${LABEL} input`)) void fill(target);
  });
}

/** @param {ParentNode} part */
function show(part) {
  for (const label of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll(LABEL))) label.hidden = false;
}

/** @param {HTMLInputElement} input */
async function fill(input) {
  const file = input.files?.[0];
  const field = input.closest(".field")?.querySelector("textarea");
  if (!file || !field) return;
  const text = file.size > LARGEST ? "" : await file.arrayBuffer().then(textOf, () => ""); // it may be gone
  input.setCustomValidity(text.includes("-->") ? "" : translate("no_captions"));
  input.reportValidity();
  input.value = "";
  if (!input.validity.valid) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Old subtitle files are not in UTF-8. @param {ArrayBuffer} bytes */
function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
