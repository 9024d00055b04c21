/*
 * What is pasted from an office program, before the editor makes paragraphs of it. It is not this that makes it safe:
 * the editor takes only what its own rules know, and the server what its do.
 */

const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, li, tr, blockquote";

/** The name of an attribute that is code; what stands between quotes is passed over. */
const HANDLER = /("[^"]*"|'[^']*')(on\w+(?=\s*=))?|(\s|^<[a-z][\w-]*\/)on\w+(?=\s*=)/gi;

/** @param {string} html */
export function cleaned(html) {
  const pasted = new DOMParser().parseFromString(quieted(html), "text/html");
  const tables = [...pasted.querySelectorAll("table")].reverse(); // inner ones first
  for (const table of tables) table.replaceWith(...linesOf(table));
  for (const item of pasted.querySelectorAll('p[style*="mso-list"]')) toListItem(item);
  return pasted.body.innerHTML;
}

/**
 * Without what the page's policy would stop and complain of as soon as it is parsed: Word's style sheet above all.
 *
 * @param {string} html
 */
function quieted(html) {
  const bare = html.replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, "");
  const disarmed = (/** @type {string} */ _all, value = "", name = "", gap = "") =>
    value + (name || gap ? `${gap || " "}data-off` : "");
  return bare.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(HANDLER, /** @type {any} */ (disarmed)));
}

/**
 * A paragraph for each row, since the editor would glue the cells together. A table of one column is but a frame.
 *
 * @param {HTMLTableElement} table
 */
function linesOf(table) {
  const rows = [...table.rows].map((row) => [...row.cells].filter((cell) => cell.textContent?.trim()));
  const isFrame = rows.every((cells) => cells.length < 2);
  const lines = isFrame ? rows.flatMap((cells) => cells.flatMap((cell) => [...cell.childNodes])) : rows.map(lineOf);
  return [...(table.caption?.childNodes ?? []), ...lines];
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

/** Word's lists are paragraphs with a bullet or a number drawn before them. @param {Element} item */
function toListItem(item) {
  const marks = item.querySelectorAll('[style*="mso-list:Ignore" i], [style*="mso-list: Ignore" i]');
  const kind = /^\s*\w+[.)]/.test(marks[0]?.textContent ?? "") ? "OL" : "UL";
  for (const mark of marks) mark.remove();
  const before = item.previousElementSibling;
  const list = before?.tagName === kind ? before : item.ownerDocument.createElement(kind);
  if (list !== before) item.before(list);
  const entry = item.ownerDocument.createElement("li");
  entry.append(...item.childNodes);
  list.append(entry);
  item.remove();
}
