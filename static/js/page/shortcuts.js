import { parse } from "../html.js";
import { focusOn } from "./entry.js";
import { withStorage } from "./device_storage.js";
import { calm } from "./scroll_anchor.js";

const KEYS = ["j", "k", "n", "h"];
const OFF = "keys off";
const FIELDS = "input, textarea, select, video, [contenteditable], dialog";

/** Handles single keys: j and k move between entries, n goes to the newest, h lists the keys and lets readers switch
 * them off.
 * @param {Live.Page} page @param {KeyboardEvent} event */
export function onKey(page, event) {
  const key = nameOf(event);
  const target = /** @type {Element} */ (event.target);
  const off = withStorage((storage) => storage.getItem(OFF));
  if (off || !KEYS.includes(key) || target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
  if (key === "h") return help(page);
  const { articles, newest } = page.timeline.feed;
  const article = key === "n" ? newest : neighbour(articles, key === "j" ? 1 : -1);
  article?.scrollIntoView({ behavior: calm() ? "instant" : "smooth" });
  focusOn(article);
}

/** The Latin letter of a key, also on a keyboard of another script. @param {KeyboardEvent} event */
function nameOf({ key, code }) {
  return key > "~" ? code.slice(-1).toLowerCase() : key;
}

/** The entry before or after the focused one, or else the first one below the top of the window.
 * @param {HTMLElement[]} articles @param {number} way */
function neighbour(articles, way) {
  const at = articles.findIndex((article) => article.contains(document.activeElement));
  if (at >= 0) return articles[at + way];
  const below = articles.findIndex((article) => article.getBoundingClientRect().top > 0);
  return way > 0 ? articles[below] : articles[(below < 0 ? articles.length : below) - 1];
}

/** Lists the keys in a dialog; a button opens it too, for readers who have switched the keys off.
 * @param {Live.Page} page */
export function help({ strings }) {
  const dialog = document.createElement("dialog");
  dialog.className = "help";
  const words = [strings.get("key_on"), strings.get("key_back"), strings.get("key_newest"), strings.get("key_list")];
  const rows = KEYS.map((key, at) => `<dt><kbd>${key}</kbd></dt><dd>${words[at]}</dd>`);
  const content = `<h2 id="help">${strings.get("keys")}</h2><dl>${rows.join("")}</dl>
    <label><input type="checkbox"> ${strings.get("keys_on")}</label>
    <form method="dialog"><button class="btn">${strings.get("close")}</button></form>`;
  dialog.append(parse(content));
  dialog.setAttribute("aria-labelledby", "help");
  const box = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  box.checked = !withStorage((storage) => storage.getItem(OFF));
  box.addEventListener("change", () =>
    withStorage((storage) => (box.checked ? storage.removeItem(OFF) : storage.setItem(OFF, "1"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
