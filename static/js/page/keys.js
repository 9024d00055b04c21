import { focusOn } from "./entry.js";
import { remembered } from "./memory.js";
import { calm } from "./steady.js";

const OFF = "keys off";
const FIELDS = "input, textarea, select, [contenteditable], dialog";

/**
 * Single keys: j and k from entry to entry, Home to the newest, ? for this list, in which they can be switched off.
 *
 * @param {Live.Page} page @param {KeyboardEvent} event
 */
export function press(page, event) {
  const target = /** @type {Element} */ (event.target);
  if (target.closest(FIELDS)) return;
  if (event.key === "?") return help(page);
  if (remembered((storage) => storage.getItem(OFF))) return;
  const { articles, newest } = page.timeline.feed;
  const article = event.key === "Home" ? newest : neighbour(articles, event.key === "j" ? 1 : -1);
  article?.scrollIntoView({ behavior: calm() ? "instant" : "smooth" });
  focusOn(article);
}

/**
 * From the entry that has the focus, else from the first one below the top of the window.
 *
 * @param {HTMLElement[]} articles @param {number} way
 */
function neighbour(articles, way) {
  const at = articles.findIndex((article) => article.contains(document.activeElement));
  if (at >= 0) return articles[at + way];
  const below = articles.findIndex((article) => article.getBoundingClientRect().top > 0);
  return way > 0 ? articles[below] : articles[(below < 0 ? articles.length : below) - 1];
}

/** @param {Live.Page} page */
function help({ strings }) {
  const dialog = document.createElement("dialog");
  dialog.className = "help";
  const say = (/** @type {string} */ key) => strings.get("key_" + key);
  const rows = ["j", "k", "Home", "?"].map((key) => `<dt><kbd>${key}</kbd></dt><dd>${say(key)}</dd>`);
  dialog.innerHTML = `<h2 id="help">${strings.get("keys")}</h2><dl>${rows.join("")}</dl>
    <label><input type="checkbox"> ${strings.get("keys_on")}</label>
    <form method="dialog"><button class="btn">${strings.get("close")}</button></form>`;
  dialog.setAttribute("aria-labelledby", "help");
  const box = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  box.checked = !remembered((storage) => storage.getItem(OFF));
  box.addEventListener("change", () =>
    remembered((storage) => (box.checked ? storage.removeItem(OFF) : storage.setItem(OFF, "1"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
