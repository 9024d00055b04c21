import { parse } from "../html.js";

/** @param {Live.Entry} item */
export function articleOf(item) {
  return dressed(/** @type {HTMLElement} */ (parse(item.html ?? "").querySelector("article")));
}

/** Adds the buttons that need scripts; the server sends entries without them. @param {HTMLElement} article */
export function dressed(article) {
  const tools = /** @type {HTMLTemplateElement | null} */ (document.getElementById("tools"));
  const foot = article.querySelector(".by");
  if (!tools || !foot || foot.querySelector(".tools")) return article;
  foot.append(tools.content.cloneNode(true));
  const when = article.querySelector("time")?.textContent;
  for (const button of foot.querySelectorAll("button")) button.ariaLabel = `${button.textContent}, ${when}`;
  return article;
}

/** The item that an article shows. @param {HTMLElement} article @returns {Live.Entry} */
export function itemOf(article) {
  const { id = "", seq, order, at = "", kind = "" } = article.dataset;
  const known = { id, seq: Number(seq), order: Number(order), at, kind, note: "", html: article.outerHTML };
  if (kind === "remove") return { ...known, op: "del" };
  const marks = { pinned: article.classList.contains("is-pinned"), key: article.classList.contains("key") };
  return { ...known, ...marks, op: "put", title: headingOf(article) };
}

/** Entries with an order up to this value are on older pages. @param {Element} root of this page or another */
export function floorOf(root) {
  return Number(root.querySelector("[data-floor]")?.getAttribute("data-floor"));
}

/** @param {ParentNode} article */
export function headingOf(article) {
  return article.querySelector("h2")?.textContent?.trim().replace(/\s+/g, " ") ?? "";
}

/** The copy of a pinned entry that stands above the others; it has no ids, because the original has them.
 * @param {Live.Entry} item */
export function copyOf(item) {
  const copy = articleOf(item);
  for (const element of [copy, ...copy.querySelectorAll("[id]")]) element.removeAttribute("id");
  copy.removeAttribute("aria-labelledby");
  copy.setAttribute("aria-label", headingOf(copy));
  copy.classList.add("pin");
  copy.dataset.copy = "";
  // Leads to the original.
  copy.querySelector("a.flag")?.setAttribute("href", copy.querySelector("a")?.getAttribute("href") ?? "");
  return copy;
}

/** @param {HTMLElement | undefined} article */
export function focusOn(article) {
  const target = article?.querySelector("h2") ?? article;
  if (!target) return;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Gives an entry, or a part of the page that holds some, its new state; players that the reader has started play on,
 * and details stay open.
 * @param {Element} present @param {Element} fresh */
export function renewEntry(present, fresh) {
  for (const frame of present.querySelectorAll("iframe")) {
    const poster = fresh.querySelector(`[data-player="${CSS.escape(frame.dataset.player ?? "")}"]`);
    poster?.replaceWith(frame.cloneNode());
  }
  const open = [...present.querySelectorAll("details[open]")].map(({ textContent }) => textContent);
  for (const details of fresh.querySelectorAll("details")) details.open ||= open.includes(details.textContent);
  morph(present, fresh);
}

/** Makes one element equal to another and keeps unchanged nodes, so that focus, a selection and a playing video survive
 * an edit.
 * @param {Element} old @param {Element} fresh */
export function morph(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // A focused heading would lose the focus with this attribute.
    if (name !== "tabindex" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  let node = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const same = equal(node, wanted);
    if (same) {
      while (node !== same) node = drop(node);
      node = same.nextSibling;
    } else if (node?.nodeName === wanted.nodeName && !equal(wanted.nextSibling, node)) {
      if (node instanceof Element) morph(node, /** @type {Element} */ (wanted));
      else node.nodeValue = wanted.nodeValue;
      node = node.nextSibling;
    } else old.insertBefore(wanted, node);
  }
  while (node) node = drop(node);
}

/** The first of these siblings that equals the wanted node. A text node is compared with the very next sibling only:
 * white space is alike everywhere, and skipping to it would drop the elements between.
 * @param {ChildNode | null} node @param {ChildNode} wanted */
function equal(node, wanted) {
  while (node && !node.isEqualNode(wanted)) node = wanted instanceof Element ? node.nextSibling : null;
  return node;
}

/** @param {ChildNode | null} node @returns {ChildNode | null} the one after it */
function drop(node) {
  const after = node?.nextSibling ?? null;
  node?.remove();
  return after;
}
