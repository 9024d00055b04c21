/** Unfold as soon as a text below the fold is scrolled to or selected, as by a search on the page.
 * @param {Element} holder @param {() => void} unfold */
export function unfoldOnFind(holder, unfold) {
  const show = (/** @type {number} */ below) => {
    if (!holder.classList.contains("folded")) return;
    unfold();
    scrollBy({ top: below, behavior: "instant" });
  };
  const onScroll = (/** @type {Event} */ { target }) => {
    const box = /** @type {Element} */ (target);
    const below = box.scrollTop;
    if (!below) return;
    box.scrollTop = 0;
    show(below);
  };
  const onSelection = () => {
    const range = getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : null;
    if (!range || range.collapsed || !holder.contains(range.startContainer)) return;
    if (range.getBoundingClientRect().bottom <= holder.getBoundingClientRect().bottom) return;
    show(0);
    const { top, bottom } = range.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) scrollBy({ top: top - innerHeight / 3, behavior: "instant" });
  };
  holder.addEventListener("scroll", onScroll, true);
  document.addEventListener("selectionchange", onSelection);
}

/** Folds the pinned entry to three lines, or unfolds it. The class is on an element that edits do not touch.
 * @param {Live.Page} page @param {Element} button below it @param {boolean} [folded] */
export function toggleFold(page, button, folded = button.getAttribute("aria-expanded") === "true") {
  button.previousElementSibling?.classList.toggle("folded", folded);
  button.setAttribute("aria-expanded", String(!folded));
  button.textContent = page.strings.get(folded ? "show_all" : "show_less");
  const pin = button.previousElementSibling;
  if (folded && pin) unfoldOnFind(pin, () => toggleFold(page, button, false));
}
