/*
 * What is pasted from an office program, before the editor makes paragraphs of it. It is not this that makes it safe:
 * the editor takes only what its own rules know, and the server what its do.
 */

const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, li, tr, blockquote";

/** @param {string} html */
export function cleaned(html) {
  const pasted = new DOMParser().parseFromString(quieted(html), "text/html");
  for (const table of pasted.querySelectorAll("table")) table.replaceWith(...rowsOf(table));
  for (const item of pasted.querySelectorAll('p[style*="mso-list"], p[class*="MsoListParagraph"]')) toListItem(item);
  return pasted.body.innerHTML;
}

/**
 * Without what the page's policy would stop and complain of as soon as it is parsed: Word's style sheet above all.
 *
 * @param {string} html
 */
function quieted(html) {
  const bare = html.replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, "");
  return bare.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])on\w+(?=\s*=)/gi, "$1data-off"));
}

/** A paragraph for each row; the editor would glue the cells together. @param {HTMLTableElement} table */
function rowsOf(table) {
  return [...table.rows].map((row) => {
    const line = table.ownerDocument.createElement("p");
    for (const cell of row.cells) {
      for (const block of cell.querySelectorAll(BLOCKS)) block.replaceWith(...block.childNodes, " ");
      if (!cell.textContent?.trim()) continue;
      if (line.hasChildNodes()) line.append(" · ");
      line.append(...cell.childNodes);
    }
    return line;
  });
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
