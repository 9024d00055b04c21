import { parsePage } from "../html.js";
import { keepMeaning } from "./pasted_meaning.js";

/*
 * Prepares text pasted from an office program for the editor. This is not for safety: the editor and the server accept
 * only what their own rules allow.
 */

const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, li, tr, blockquote";

/** The name of an event handler attribute; quoted values are skipped. */
const HANDLER = /("[^"]*"|'[^']*')(on\w+(?=\s*=))?|(\s|^<[a-z][\w-]*\/)on\w+(?=\s*=)/gi;

/** @param {string} html @returns {{ html: string, leftOut: string[] }} with the texts that were deleted, struck or hidden */
export function cleanPasted(html) {
  const pasted = parsePage(withoutBlockedCode(html));
  const leftOut = keepMeaning(pasted.body, html);
  for (const table of pasted.querySelectorAll("table")) pasteTable(table); // outer ones first
  for (const item of pasted.querySelectorAll("ol > li[value]:first-child")) item.parentElement?.setAttribute("start", item.getAttribute("value") ?? "");
  for (const heading of pasted.querySelectorAll("h1, h2, h5, h6")) toKnownLevel(heading);
  for (const item of pasted.querySelectorAll('p[style*="mso-list"]')) toListItem(item);
  return { html: pasted.body.innerHTML, leftOut };
}

/** Remove what the page's content policy would block and report while parsing: above all Word's style sheet.
 * @param {string} html */
function withoutBlockedCode(html) {
  const bare = html.replace(/<(style|script)\b[^]*?(?:<\/\1\s*>|$)/gi, "");
  const disarm = (/** @type {string} */ _all, value = "", name = "", gap = "") =>
    value + (name || gap ? `${gap || " "}data-off` : "");
  return bare.replace(/<[a-z][^>]*>?/gi, (tag) => tag.replace(HANDLER, /** @type {any} */ (disarm)));
}

/** A table stays a table. One with a single column is only a frame, and one inside another becomes a paragraph for each
 * row, because a cell holds no table. @param {HTMLTableElement} table */
function pasteTable(table) {
  const rows = [...table.rows].map((row) => [...row.cells].filter((cell) => cell.textContent?.trim()));
  table.before(...(table.caption?.childNodes ?? []));
  table.caption?.remove();
  if (rows.every((cells) => cells.length < 2)) table.replaceWith(...rows.flatMap((cells) => cells.flatMap((cell) => [...cell.childNodes])));
  else if (table.parentElement?.closest("table")) table.replaceWith(...rows.map(lineOf));
  else for (const cell of table.querySelectorAll("thead td")) renamed(cell, "th");
}

/** The levels of headings below the headline of an update. @param {Element} heading */
const toKnownLevel = (heading) => renamed(heading, heading.localName < "h3" ? "h3" : "h4");

/** @param {Element} old @param {string} name */
function renamed(old, name) {
  const made = old.ownerDocument.createElement(name);
  for (const { name: attribute, value } of old.attributes) made.setAttribute(attribute, value);
  made.append(...old.childNodes);
  old.replaceWith(made);
}

/** @param {HTMLTableCellElement[]} cells */
function lineOf(cells) {
  const line = document.createElement("p");
  for (const cell of cells) {
    for (const block of cell.querySelectorAll(BLOCKS)) block.replaceWith(...block.childNodes, " ");
    if (line.hasChildNodes()) line.append(" · ");
    line.append(...cell.childNodes);
  }
  return line;
}

/** Turn a paragraph that Word draws with a bullet or number into a list item. @param {Element} item */
function toListItem(item) {
  const marks = item.querySelectorAll('[style*="mso-list:Ignore" i], [style*="mso-list: Ignore" i]');
  const sign = marks[0]?.textContent ?? "";
  const kind = /^\s*\w+[.)]/.test(sign) ? "OL" : "UL";
  for (const mark of marks) mark.remove();
  const before = item.previousElementSibling;
  const list = before?.tagName === kind ? before : item.ownerDocument.createElement(kind);
  if (list !== before) {
    item.before(list);
    if (kind === "OL" && Number.parseInt(sign) > 1) list.setAttribute("start", `${Number.parseInt(sign)}`);
  }
  const entry = item.ownerDocument.createElement("li");
  entry.append(...item.childNodes);
  list.append(entry);
  item.remove();
}
