/** Says how far to scroll after a change, so that the block under the reader's eye stays where it was: the first one
 * below the sticky line that is still there.
 *
 * Its upper edge stays. Where that is out of sight, the lower edge stays if it is in the upper half of the window: should
 * the block itself have changed, then most of what the reader has before them is below it.
 * @param {Live.Block[]} before in the order of reading, without what vanishes or moves by itself
 * @param {Map<unknown, Live.Span>} after the same blocks by their keys, as far as they are still there
 * @param {Live.Window} view before the change */
export function correction(before, after, { line, height, scrolled }) {
  if (scrolled <= 0) return 0; // the page rests on its top
  const eye = before.find(({ key, top, bottom }) => after.has(key) && bottom > line && top < height);
  const now = after.get(eye?.key);
  if (!eye || !now) return 0;
  const edge = eye.top < line && eye.bottom < (line + height) / 2 ? "bottom" : "top";
  return now[edge] - eye[edge];
}
