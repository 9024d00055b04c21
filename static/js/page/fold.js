/** Folds the pinned entry to three lines, or unfolds it. The class is on an element that edits do not touch.
 * @param {Live.Page} page @param {Element} button below it @param {boolean} [folded] */
export function toggleFold({ strings }, button, folded = button.getAttribute("aria-expanded") === "true") {
  button.previousElementSibling?.classList.toggle("folded", folded);
  button.setAttribute("aria-expanded", String(!folded));
  button.textContent = strings.get(folded ? "show_all" : "show_less");
}
