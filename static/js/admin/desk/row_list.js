import { parse } from "../../html.js";

/** The rows of the timeline: each entry once, pending ones on top, the others in the readers' order. */
export class RowList {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
  }

  get #container() {
    return /** @type {HTMLElement} */ (this.host.querySelector("[data-list]"));
  }

  /** @param {string} part */
  #part(part) {
    return /** @type {HTMLElement} */ (this.#container.querySelector(`[data-${part}]`));
  }

  /** @param {number | string} pk @returns {HTMLElement | null} */
  row(pk) {
    return this.#container.querySelector(`[data-row="${pk}"]`);
  }

  /** Show other rows; a correction that is written in one of them stays open. @param {string} html */
  replace(html) {
    const rows = parse(html); // drawn and escaped by the server, as all rows are
    const before = /** @type {HTMLElement | null | undefined} */ (this.#container.querySelector("[data-correction]")?.closest("[data-row]"));
    const row = before && rows.querySelector(`[data-row="${before.dataset.row}"]`);
    const restoreCaret = row && moveCorrection(before, row);
    this.#container.replaceChildren(rows);
    restoreCaret?.();
  }

  /** Append earlier rows, except those that are present. @param {string} html */
  append(html) {
    const rows = parseRows(html);
    for (const row of rows) if (!this.row(row.dataset.row ?? "")) this.#part("rows").append(row);
    rows[0]?.focus({ preventScroll: true });
  }

  /** Apply what has changed since the last request.
   * @param {{ rows: { pk: number, html: string, waits: boolean }[], gone: number[] }} response */
  update({ rows, gone }) {
    for (const pk of gone) this.#remove(this.row(pk));
    for (const { pk, html, waits } of rows) {
      const [row] = parseRows(html);
      const before = this.row(pk);
      if (!waits && !before && !this.#belongsHere(row)) continue;
      keepState(before, row, () => this.#place(row, waits, before));
    }
    this.#part("none").hidden = this.#container.querySelector("[data-row]") !== null;
  }

  /** Whether a new row belongs on the page: rows older than the last one are loaded on request.
   * @param {HTMLElement} row */
  #belongsHere(row) {
    const last = [...this.#part("rows").children].at(-1);
    const more = !(/** @type {HTMLElement} */ (this.#part("earlier")).hidden);
    if (this.#container.querySelector(".newest") && !isBelow(row, this.#part("rows").firstElementChild)) return false;
    return "pinned" in row.dataset || !more || !last || !isBelow(row, last);
  }

  /** @param {HTMLElement} row @param {boolean} waits @param {HTMLElement | null} before */
  #place(row, waits, before) {
    before?.remove();
    const list = this.#part(waits ? "waiting" : "rows");
    const others = /** @type {HTMLElement[]} */ ([...list.children]);
    const next = others.find((other) => precedes(row, other));
    list.insertBefore(row, next ?? null);
    if (!before && !waits) row.classList.add("new");
  }

  /** @param {HTMLElement | null} row */
  #remove(row) {
    const isLeft = row?.contains(document.activeElement);
    const all = /** @type {HTMLElement[]} */ ([...this.#container.querySelectorAll("[data-row]")]).filter((each) => each.checkVisibility());
    const at = all.findIndex((each) => each === row);
    row?.remove();
    if (isLeft) (all[at + 1] ?? all[at - 1] ?? this.host).focus({ preventScroll: true });
  }

  /** Scroll to the row of a pasted link. */
  scrollToLinked() {
    this.#container.querySelector(".linked")?.scrollIntoView({ block: "nearest" });
  }
}

/** @param {string} html @returns {HTMLElement[]} */
function parseRows(html) {
  return /** @type {HTMLElement[]} */ ([...parse(html).querySelectorAll("[data-row]")]);
}

/** Keep the focus, an open “More” and the marks of a row when it is redrawn.
 * @param {HTMLElement | null} before @param {HTMLElement} row @param {() => void} place */
function keepState(before, row, place) {
  const focused = before?.contains(document.activeElement) ? document.activeElement : null;
  const action = /** @type {HTMLElement | null} */ (focused)?.dataset.action;
  for (const mark of ["open", "linked", "new"]) if (before?.classList.contains(mark)) row.classList.add(mark);
  const more = /** @type {HTMLDetailsElement | null} */ (row.querySelector("details.more"));
  if (more && before?.querySelector("details.more[open]")) more.open = true;
  const whole = /** @type {HTMLDetailsElement | null} */ (row.querySelector("[data-whole]"));
  if (whole && before?.querySelector("[data-whole][open]")) whole.open = true; // and is fetched again
  const people = before?.querySelector("[data-editors]")?.textContent;
  if (people) /** @type {HTMLElement} */ (row.querySelector("[data-editors]")).textContent = people;
  const restoreCaret = moveCorrection(before, row);
  place();
  if (restoreCaret() || !focused) return;
  const target = /** @type {HTMLElement | null} */ (row.querySelector(action ? `[data-action="${action}"]` : "summary"));
  const isHidden = target && !target.checkVisibility(); // in a menu that is closed by now
  (isHidden ? more?.querySelector("summary") ?? row : target ?? row).focus({ preventScroll: true });
}

/** Move what is typed in a row into the row as it is drawn anew. Returns a function that restores the focus and the
 * caret once the row is on the page, and tells whether they were there.
 * @param {HTMLElement | null} before @param {Element} row */
function moveCorrection(before, row) {
  const correction = before?.querySelector("[data-correction]");
  const focused = /** @type {HTMLElement | null} */ (correction?.contains(document.activeElement) ? document.activeElement : null);
  const { anchorNode, anchorOffset, focusNode, focusOffset } = /** @type {Selection} */ (getSelection());
  if (correction) row.append(correction);
  return () => {
    focused?.focus({ preventScroll: true });
    // A field remembers its caret; a text editor would have it at the start.
    if (focused?.isContentEditable && anchorNode && focusNode) getSelection()?.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
    return focused !== null;
  };
}

/** @param {HTMLElement} row @param {HTMLElement} other */
function precedes(row, other) {
  if ("pinned" in row.dataset) return true;
  return !("pinned" in other.dataset) && Number(other.dataset.order) < Number(row.dataset.order);
}

/** @param {HTMLElement} row @param {Element | null} other */
const isBelow = (row, other) => Number(row.dataset.order) < Number(/** @type {HTMLElement | null} */ (other)?.dataset.order);
