import { BLOCK } from "./composition.js";
import { blocksOf } from "./block_list.js";

const MARKS = ["drop-above", "drop-below"];

/** Lets the mouse drag a block by its heading. @param {HTMLElement} host @param {(blocks: HTMLElement[]) => void} arrange
 * @param {AbortSignal} signal */
export function setUpBlockDragging(host, arrange, signal) {
  /** @type {HTMLElement | null} */
  let dragged = null;
  const over = (/** @type {DragEvent} */ event) => {
    const block = dragged && /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(BLOCK));
    if (!block || !event.target) return null;
    event.preventDefault();
    const { top, height } = block.getBoundingClientRect();
    return { block, isBelow: event.clientY > top + height / 2 };
  };
  const unmark = () => host.querySelectorAll(".drop-above, .drop-below").forEach((each) => each.classList.remove(...MARKS));
  host.addEventListener("dragstart", (event) => {
    const heading = /** @type {Element} */ (event.target).closest?.("h3[draggable]");
    dragged = heading?.closest(/** @type {"div"} */ (BLOCK)) ?? null;
    if (dragged) event.dataTransfer?.setData("text/plain", ""); // without it Firefox drags nothing
  }, { signal });
  host.addEventListener("dragover", (event) => {
    const place = over(event);
    unmark();
    if (place && place.block !== dragged) place.block.classList.add(MARKS[Number(place.isBelow)]);
  }, { signal });
  host.addEventListener("drop", (event) => {
    const place = over(event);
    if (!place || !dragged || place.block === dragged) return;
    const blocks = blocksOf(host).filter((each) => each !== dragged);
    blocks.splice(blocks.indexOf(place.block) + Number(place.isBelow), 0, dragged);
    arrange(blocks);
  }, { signal });
  host.addEventListener("dragend", () => {
    dragged = null;
    unmark();
  }, { signal });
}
