import { read } from "./composition.js";
import { merged } from "./composition_merge.js";
import { focusText } from "./editors.js";
import { fill } from "./form_filling.js";
import { clearRefusal } from "./refusals.js";

/** Handles “Take its changes into my text” beside a newer version. The comparison stays, to be read before sending.
 * @param {HTMLFormElement} form @param {import("./drafts.js").Drafts} drafts
 * @param {(version: string) => void} taken @param {AbortSignal} signal
 * @param {(form: HTMLFormElement, composition: import("./composition.js").Composition) => unknown} [refill] */
export function offerToTakeChanges(form, drafts, taken, signal, refill = fill) {
  form.addEventListener("click", (event) => {
    const offer = /** @type {Element} */ (event.target).closest("[data-take]");
    const other = /** @type {HTMLElement | null | undefined} */ (offer?.closest("[data-other]"));
    const stored = other?.querySelector("script[type='application/json']")?.textContent;
    if (!offer || !other || !stored) return;
    offer.remove();
    const theirs = JSON.parse(stored);
    const mine = read(form);
    refill(form, merged(drafts.base, mine, theirs));
    clearRefusal(form);
    form.prepend(other);
    const fields = Object.fromEntries(Object.entries(mine.fields).map(([name, list]) => [name, theirs.fields[name] ?? list]));
    if (fields.correction) fields.correction = [""]; // a note that was typed is still to be sent
    drafts.continueFrom({ ...mine, fields, blocks: theirs.blocks }, String(theirs.version));
    taken(String(theirs.version));
    const text = form.querySelector(".block-text:not(.empty-form)");
    if (text) setTimeout(() => focusText(text));
  }, { signal });
}
