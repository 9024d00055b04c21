import { formatTime } from "./event_time.js";

/** Marks for a returning reader how much is new and where they left off. Call these functions within a change of the
 * page. */

/** @param {HTMLElement} article */
const orderOf = (article) => Number(article.dataset.order);

/** Puts a line above the entries that the reader knows, and one at the top with the number of new ones. Called again as
 * more arrive.
 * @param {Live.Page} page @param {Live.Visit} visit the last one */
export function markNew(page, { order, at }) {
  const { root, strings, timeline } = page;
  const { articles } = timeline.feed;
  const unread = articles.filter((article) => orderOf(article) > order && article.dataset.kind !== "remove");
  const known = articles.find((article) => orderOf(article) <= order);
  const last = unread.at(-1);
  for (const article of articles) if (!unread.includes(article)) article.classList.remove("new", "now"); // read since
  if (!last) return root.querySelectorAll(".since").forEach((row) => row.remove());
  const clock = formatTime(at, root.dataset);
  const keys = unread.filter((article) => article.classList.contains("key")).length;
  const number = known ? unread.length : `${unread.length}+`;
  const words = [strings.plural("since", unread.length, number).replace("{time}", clock)];
  if (keys) words.push(strings.plural("of_them_key", keys));
  const pageSize = Number(root.dataset.pageSize);
  const place = known ? `#${last.id}` : `?page=${Math.max(1, Math.ceil(order / 2 ** 20 / pageSize))}`;
  for (const article of unread) article.classList.add("new");
  const feed = /** @type {HTMLElement} */ (root.querySelector(".feed"));
  const top = rowOf("sum", words.join(", "), place, strings.get("read_on"));
  if (top !== feed.firstElementChild) feed.prepend(top);
  if (!known) return;
  const rule = known.previousElementSibling;
  const line = rowOf("line", strings.plural("since_left", unread.length), "#updates", strings.get("to_newest"));
  (rule?.matches(".day-rule") ? rule : known).before(line);
}

/** Puts a line where the entries end that were brought from behind the button: at their older end.
 * @param {Live.Page} page @param {HTMLElement[]} fresh in the order of the page @param {number} at when the first was held */
export function markEnd({ root, strings, timeline }, fresh, at) {
  const { upwards } = timeline.feed;
  const oldest = upwards ? fresh.at(-1) : fresh[0];
  if (!oldest?.isConnected) return;
  const words = strings.get("new_since", formatTime(at, root.dataset));
  const line = rowOf("line", words, "#updates", strings.get("to_newest"));
  if (upwards) oldest.after(line);
  else oldest.before(line);
}

/** @param {string} name @param {string} words @param {string} href @param {string} linkText */
function rowOf(name, words, href, linkText) {
  const row = document.querySelector(`.since[data-is-${name}]`) ?? document.createElement("p");
  row.className = "since";
  row.setAttribute(`data-is-${name}`, "");
  const [text, link] = [document.createElement("b"), document.createElement("a")];
  text.textContent = words;
  link.textContent = linkText;
  link.href = href;
  if (row.textContent !== `${words} ${linkText}`) row.replaceChildren(text, " ", link);
  else row.querySelector("a")?.setAttribute("href", href);
  return row;
}
