const SHOWN = 3000; // milliseconds

/** Buttons that copy the text of a field; without scripts they are hidden, and people select it by hand. */
export function setUpCopying() {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-copy]"))) {
    const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(button.dataset.copy ?? ""));
    if (!field) continue;
    button.hidden = false;
    button.ariaLive = "polite";
    field.addEventListener("focus", () => field.select());
    button.addEventListener("click", () => copy(field, button));
  }
}

/** @param {HTMLTextAreaElement} field @param {HTMLButtonElement} button */
async function copy(field, button) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select(); // where the connection is not secure
    if (!document.execCommand("copy")) return;
  }
  button.dataset.words ??= button.textContent ?? "";
  button.textContent = button.dataset.copied ?? "";
  setTimeout(() => (button.textContent = button.dataset.words ?? ""), SHOWN);
}
