import { BLOCK } from "./composition.js";
import { translate } from "./strings.js";

/** Handles “Same caption and credit”: several photos of one scene get the words of one of them. What was typed for a
 * photo of its own stays.
 * @param {HTMLFormElement} form @param {AbortSignal} signal */
export function shareWords(form, signal) {
  form.addEventListener("click", (event) => {
    const block = /** @type {Element} */ (event.target).closest("[data-same]")?.closest(BLOCK);
    if (!block) return;
    for (const other of form.querySelectorAll(`.block-photo${BLOCK}`)) if (other !== block) copyWords(block, other);
    const feedback = form.querySelector("entry-blocks [data-feedback]");
    if (feedback) feedback.textContent = translate("words_shared");
  }, { signal });
}

/** @param {Element} from @param {Element} to */
function copyWords(from, to) {
  for (const name of ["caption", "credit"]) {
    const [source, target] = [from, to].map((block) => /** @type {HTMLInputElement} */ (block.querySelector(`[name$="-${name}"]`)));
    const isOwn = target.value.trim() && target.value !== target.dataset.shared;
    if (isOwn) continue;
    target.value = target.dataset.shared = source.value;
    target.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
  }
}
