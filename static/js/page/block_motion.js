import { correction } from "./scroll_correction.js";

const GLIDE = 300; // milliseconds
const ENDS = GLIDE + 50; // it begins with the next frame
const FRAME = 20; // milliseconds for which what may not glide stays at its old place, as a jump would count as a layout shift

/** Hold the page where no text in view is still in its place. */
const PLACES = "article:not([data-copy]), p.gone";

/** How far to scroll after a change, so that the text under the eye stays.
 * @param {Map<Element, Live.Block>} before @param {Live.Window} view before the change */
export function correctionOf(before, view) {
  const blocks = [...before.values()];
  const anchors = [...blocks.filter(({ isAnchor }) => isAnchor), ...blocks.filter(({ key }) => key.matches(PLACES))];
  return correction(anchors, surviving(anchors), view);
}

/** Lets each block that has moved both on the page and in the window glide from its old place; a block inside another
 * glides only the difference. What is out of the window before and afterwards needs no glide. Where nothing may move, texts
 * and pictures fade in at their new place instead.
 * @param {Map<Element, Live.Block>} before @param {number} scrolled meanwhile @param {boolean} isCalm
 * @returns {number} milliseconds until all have arrived */
export function glide(before, scrolled, isCalm) {
  const distances = distancesOf(before, scrolled);
  let lasts = 0;
  for (const [block, [x, y]] of distances) {
    if (isCalm && before.get(block)?.isLeaf && Math.hypot(x, y) >= 1) animate(block, { opacity: [0, 1] }, GLIDE);
    let outer = block.parentElement;
    while (outer && !distances.has(outer)) outer = outer.parentElement;
    const [outerX, outerY] = distances.get(outer ?? block) ?? [0, 0];
    const [restX, restY] = outer ? [x - outerX, y - outerY] : [x, y];
    if (Math.hypot(restX, restY) < 1) continue;
    animate(block, { transform: [`translate(${restX}px, ${restY}px)`, "none"] }, isCalm ? { duration: FRAME, easing: "step-end" } : GLIDE);
    lasts = ENDS;
  }
  return lasts;
}

/** How far each block is from where it was seen; nothing if only the page has been scrolled.
 * @param {Map<Element, Live.Block>} before @param {number} scrolled @returns {Map<Element, number[]>} */
function distancesOf(before, scrolled) {
  const distances = new Map();
  for (const [block, old] of before) {
    const { top, bottom, left, height } = block.getBoundingClientRect();
    if (!height || Math.min(old.top, old.top - scrolled, top) > innerHeight || Math.max(old.bottom, old.bottom - scrolled, bottom) < 0) continue;
    const [x, above, below] = [old.left - left, old.top - top, old.bottom - bottom];
    const y = old.isLeaf && Math.abs(below) < Math.abs(above) ? below : above; // a text that has itself changed may keep its end
    distances.set(block, x || Math.abs(y - scrolled) >= 1 ? [x, y] : [0, 0]);
  }
  return distances;
}

/** @param {Element} block @param {PropertyIndexedKeyframes} keyframes @param {number | KeyframeAnimationOptions} timing */
function animate(block, keyframes, timing) {
  block.animate({ easing: "ease-out", ...keyframes }, timing).id = "glide";
}

/** Where those blocks are now that are still to be seen in their part.
 * @param {Live.Block[]} blocks @returns {Map<Element, Live.Span>} */
function surviving(blocks) {
  /** @type {Map<Element, Live.Span>} */
  const spans = new Map();
  for (const { key, part } of blocks) {
    const [box, around] = [standIn(key), part].map((element) => element.getBoundingClientRect());
    if (box?.height && (key.matches(PLACES) || box.top < (around?.bottom ?? 0))) spans.set(key, box);
  }
  return spans;
}

/** The place of a removed entry for the entry, and an entry that has come back for its place. @param {Element} block */
function standIn(block) {
  const { id, of = id } = /** @type {HTMLElement} */ (block).dataset;
  const other = !block.isConnected && of && document.querySelector(`[data-entries] > :is([data-of="${of}"], [data-id="${of}"])`);
  return other || block;
}
