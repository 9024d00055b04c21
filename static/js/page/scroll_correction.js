/** Says how far to scroll after a change, so that the block under the reader's eye stays where it was: the first one
 * below the sticky line. If that is gone, or far down, the next one stays that is still in its place among the others: one
 * that the same change has moved to elsewhere would take the page with it.
 *
 * Its upper edge stays. Where that is out of sight, the lower edge stays if it is in the upper half of the window: should
 * the block itself have changed, then most of what the reader has before them is below it.
 * @param {Live.Block[]} before in the order of reading, without what vanishes or moves by itself; last the places of
 *   whole entries, which a removed one leaves behind
 * @param {Map<unknown, Live.Span>} after the same blocks by their keys, as far as they are still there
 * @param {Live.Window} view before the change */
export function correction(before, after, { line, height, scrolled }) {
  if (scrolled <= 0) return 0; // the page rests on its top
  const middle = (line + height) / 2;
  const seen = before.filter(({ top, bottom }) => bottom > line && top < height);
  const remaining = seen.filter(({ key }) => after.has(key));
  const [first] = remaining;
  const isRead = first && first === seen[0] && first.top < middle;
  const eye = isRead ? first : remaining.find((block) => !hasMoved(block, before, after)) ?? first;
  const now = after.get(eye?.key);
  if (!eye || !now) return 0;
  const edge = eye.top < line && eye.bottom < middle ? "bottom" : "top";
  return now[edge] - eye[edge];
}

/** Whether it has changed places with several entries: those that it has passed have been passed by one.
 * @param {Live.Block} block @param {Live.Block[]} before @param {Map<unknown, Live.Span>} after */
function hasMoved(block, before, after) {
  const isAbove = (/** @type {Live.Block} */ { key }) => (after.get(key)?.top ?? 0) < (after.get(block.key)?.top ?? 0);
  const passed = before.filter((other) => after.has(other.key) && other.top < block.top !== isAbove(other));
  return new Set(passed.map(({ part }) => part)).size > 1;
}
