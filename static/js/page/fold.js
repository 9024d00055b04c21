import { preparePaper } from "./paper.js";

/** What can be folded; the style sheet hides what does not fit. */
const FOLDABLE = ".stand, .box ul, .what";
const PHONE = "(max-width: 47.99rem)";

/** An entry taller than this many windows is folded. */
const LONG = 1.5;

/** Entries that have been measured: none is folded while somebody reads it. @type {WeakSet<Element>} */
const measured = new WeakSet();

/** Folds long entries now and whenever others come, and unfolds what a search on the page leads into.
 * @param {Live.Page} page @param {AbortSignal} signal */
export function start(page, signal) {
  if (signal.aborted) return;
  preparePaper(page.root, signal);
  const [opened] = performance.getEntriesByType("navigation");
  const leadsIntoText = opened?.name.includes(":~:text=");
  const { root } = page;
  if (leadsIntoText || location.hash === "#pinned") unfoldAll(root);
  else labelPinAsSeen(page, signal);
  if (leadsIntoText || root.dataset.view === "permalink") return;
  page.fold = () => fold(longEntries(page));
  const long = longEntries(page);
  if (long.length) page.anchor.hold(() => fold(long));
  root.addEventListener("scroll", (event) => unfoldScrolled(page, /** @type {Element} */ (event.target)), { capture: true, signal });
  document.addEventListener("selectionchange", () => unfoldSelected(page), { signal });
}

/** Unfolds what a button belongs to, or folds the pinned entry again. @param {Live.Page} page @param {HTMLElement} button */
export function toggleFold(page, button) {
  const { fold } = button.dataset;
  const article = button.closest("article");
  if (fold === "pin") return labelPin(page, button.getAttribute("aria-expanded") !== "true", true);
  const place = article ?? page.root.querySelector(fold === "stand" ? ".head" : ".box");
  const box = place?.querySelector(FOLDABLE);
  if (box) unfold(page, box);
  const heading = /** @type {HTMLElement | null | undefined} */ (place?.querySelector("h1, h2"));
  if (heading) heading.tabIndex = -1;
  heading?.focus({ preventScroll: true }); // the button is gone
}

/** @param {HTMLElement} root */
function unfoldAll(root) {
  root.setAttribute("data-head", "open");
  root.querySelector(".side")?.classList.add("open");
  root.querySelector(".feed")?.setAttribute("data-pin", "open");
}

/** Where the page is narrow, the pinned entry begins folded. A window may become so later, as when a tablet is turned.
 * @param {Live.Page} page @param {AbortSignal} signal */
function labelPinAsSeen(page, signal) {
  const label = () => {
    const text = page.root.querySelector("[data-pinned] .what");
    labelPin(page, !(text ? isFolded(text) : matchMedia(PHONE).matches));
  };
  addEventListener("resize", label, { signal });
  label();
}

/** The state is on an element that edits do not touch.
 * @param {Live.Page} page @param {boolean} open @param {boolean} [isChange] */
function labelPin({ root, strings }, open, isChange = false) {
  const button = root.querySelector("[data-fold=pin]");
  button?.setAttribute("aria-expanded", String(open));
  if (button) button.textContent = strings.get(open ? "show_less" : "show_all");
  if (isChange) root.querySelector(".feed")?.setAttribute("data-pin", open ? "open" : "folded");
}

/** Long entries that have not been measured before. @param {Live.Page} page */
function longEntries({ timeline }) {
  const fresh = timeline.feed.articles.filter((article) => !measured.has(article));
  return fresh.filter((article) => {
    measured.add(article);
    const { top, bottom, height } = article.getBoundingClientRect();
    return height > LONG * innerHeight && !((top < 0 && bottom > 0) || article.contains(document.activeElement));
  });
}

/** The foot is a new element: browsers would count one that moves into view as a layout shift.
 * @param {HTMLElement[]} articles */
function fold(articles) {
  for (const article of articles) {
    const foot = article.querySelector(".by");
    foot?.replaceWith(foot.cloneNode(true));
    article.classList.add("long");
  }
}

/** @param {Live.Page} page @param {Element} box */
function unfold(page, box) {
  if (box.matches(".stand")) return page.root.setAttribute("data-head", "open");
  if (box.closest(".side")) return box.closest(".side")?.classList.add("open");
  if (box.closest("[data-pinned]")) return labelPin(page, true, true);
  box.closest("article")?.classList.remove("long");
}

/** @param {Element} box */
const isFolded = (box) => getComputedStyle(box).overflowY === "hidden";

/** @param {Live.Page} page @param {Element} box that the browser has scrolled, to show what it found */
function unfoldScrolled(page, box) {
  const below = box.scrollTop;
  if (!below || !box.matches(FOLDABLE) || !isFolded(box)) return;
  box.scrollTop = 0;
  const { top } = box.getBoundingClientRect();
  page.anchor.hold(() => unfold(page, box));
  scrollBy({ top: box.getBoundingClientRect().top - top + below, behavior: "instant" });
}

/** @param {Live.Page} page */
function unfoldSelected(page) {
  const range = getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : null;
  if (!range || range.collapsed) return;
  const { startContainer } = range;
  const start = startContainer instanceof Element ? startContainer : startContainer.parentElement;
  const box = start?.closest(FOLDABLE);
  if (!box || !isFolded(box)) return;
  if (range.getBoundingClientRect().bottom <= box.getBoundingClientRect().bottom) return;
  box.scrollTop = 0;
  page.anchor.hold(() => unfold(page, box));
  const { top, bottom } = range.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) scrollBy({ top: top - innerHeight / 3, behavior: "instant" });
}
