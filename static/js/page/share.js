import { headingOf } from "./entry.js";

/** Handles “Copy link” and “Share” at the foot of an entry, or in the head for the whole page.
 * @param {Live.Page} page @param {HTMLElement} button */
export async function share({ strings, pending }, button) {
  const article = button.closest("article");
  const link = (article ?? document).querySelector(article ? ".when a" : "link[rel=canonical]");
  const { href } = /** @type {HTMLAnchorElement} */ (link);
  if (button.dataset.share === "send") {
    const title = article ? headingOf(article) : document.querySelector("h1")?.textContent?.trim();
    await navigator.share({ title, url: href }).catch(() => {}); // the reader cancelled
    return;
  }
  const words = strings.get((await copied(href)) ? "copied" : "not_copied");
  const place = button.querySelector("span") ?? button;
  const before = (button.dataset.words ??= place.textContent ?? "");
  place.textContent = words;
  button.dataset.done = "";
  pending.say(words);
  setTimeout(() => {
    delete button.dataset.done;
    if (place.textContent === words) place.textContent = before;
  }, 3000);
}

/** Copies by a hidden text field where the connection is not secure: there the clipboard API is missing.
 * @param {string} text @returns {Promise<boolean>} */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "vh";
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return done;
  }
}
