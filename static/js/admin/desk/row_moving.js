import { element, translate } from "../strings.js";

const EDGE = 60; // px from the window's edge where dragging scrolls

/** Moves an update over many places in one operation: by dragging its handle, or with Alt+Shift+arrows, which choose a
 * place, and Enter. A place is the number of rows above it. */
export class RowMoving {
  /** @type {{ pk: string, place: number } | undefined} */
  #moving;
  #status = element("p", "", { class: "move-hint", role: "status" });

  /** @param {HTMLElement} host @param {(row: HTMLElement, address: string, above: string) => void} move @param {AbortSignal} signal */
  constructor(host, move, signal) {
    this.host = host;
    this.move = move;
    host.append(this.#status);
    host.addEventListener("pointerdown", this.#onDown, { signal });
    host.addEventListener("pointermove", this.#onMove, { signal });
    host.addEventListener("pointerup", () => this.#drop(), { signal });
    host.addEventListener("pointercancel", () => this.#leave(), { signal });
    host.addEventListener("focusout", () => this.#moving && this.#leave(), { signal });
    document.addEventListener("keydown", this.#onKey, { capture: true, signal });
  }

  /** @param {string} pk @returns {HTMLElement | null} */
  #row(pk) {
    return this.host.querySelector(`[data-rows] > [data-row="${pk}"]`);
  }

  /** The rows between which an update can be put. @param {string} pk @returns {HTMLElement[]} */
  #others(pk) {
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.host.querySelectorAll("[data-rows] > [data-row]:not([data-pinned])"));
    return [...all].filter((row) => row.dataset.row !== pk);
  }

  /** @param {string} pk */
  #currentPlace(pk) {
    const row = /** @type {HTMLElement} */ (this.#row(pk));
    return this.#others(pk).filter((other) => other.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING).length;
  }

  /** The last place that is known: the end of the list may not be that of the live blog. @param {number} count */
  #last(count) {
    const isWhole = !this.host.querySelector("[data-earlier]:not([hidden])") && !new URLSearchParams(location.search).toString();
    return isWhole ? count : count - 1;
  }

  #onDown = (/** @type {PointerEvent} */ event) => {
    const handle = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-handle]"));
    const pk = /** @type {HTMLElement | null | undefined} */ (handle?.closest("[data-row]"))?.dataset.row;
    if (!handle || !pk || event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    this.#choose(pk, this.#currentPlace(pk));
  };

  #onMove = (/** @type {PointerEvent} */ event) => {
    if (!this.#moving || !event.buttons) return;
    const { pk } = this.#moving;
    if (event.clientY < EDGE) window.scrollBy(0, -EDGE / 4);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 4);
    const boxes = this.#others(pk).map((row) => row.getBoundingClientRect());
    const place = placeAt(boxes.map(({ top, bottom }) => (top + bottom) / 2), event.clientY);
    this.#choose(pk, Math.min(place, this.#last(boxes.length)));
  };

  #onKey = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (this.#moving && (event.key === "Enter" || event.key === "Escape")) {
      stop(event);
      return event.key === "Enter" ? this.#drop() : this.#leave();
    }
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-rows] > [data-row]:has([data-handle])"));
    if (!step || !row || (!this.#moving && !(event.altKey && event.shiftKey)) || /** @type {Element} */ (event.target).closest("[data-correction]")) return;
    stop(event);
    const pk = row.dataset.row ?? "";
    const from = this.#moving?.place ?? this.#currentPlace(pk);
    this.#choose(pk, Math.max(0, Math.min(from + step, this.#last(this.#others(pk).length))));
    this.#announce();
  };

  /** @param {string} pk @param {number} place */
  #choose(pk, place) {
    this.#unmark();
    this.#moving = { pk, place };
    const others = this.#others(pk);
    this.#row(pk)?.classList.add("moving");
    if (place === this.#currentPlace(pk)) return;
    others[place]?.classList.add("drop-above");
    if (place === others.length) others.at(-1)?.classList.add("drop-below");
    (others[place] ?? others.at(-1))?.scrollIntoView({ block: "nearest" });
  }

  #announce() {
    const { pk, place } = this.#moving ?? { pk: "", place: 0 };
    const other = this.#others(pk)[place];
    const title = other?.querySelector("h3")?.textContent ?? "";
    this.#status.textContent = other ? translate("move_above", { title }) : translate("move_bottom");
  }

  #drop() {
    if (!this.#moving) return;
    const { pk, place } = this.#moving;
    const [row, other] = [this.#row(pk), this.#others(pk)[place]];
    const isThere = row && place === this.#currentPlace(pk);
    this.#leave();
    const address = /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-handle]"))?.dataset.handle;
    if (row && address && !isThere) this.move(row, address, other?.dataset.row ?? "bottom");
  }

  #leave() {
    this.#unmark();
    this.#moving = undefined;
    this.#status.textContent = "";
  }

  #unmark() {
    for (const row of this.host.querySelectorAll(".moving, .drop-above, .drop-below")) row.classList.remove("moving", "drop-above", "drop-below");
  }
}

/** How many rows are above a height. @param {number[]} middles of the rows, from the top @param {number} y */
export function placeAt(middles, y) {
  const below = middles.findIndex((middle) => middle > y);
  return below < 0 ? middles.length : below;
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
