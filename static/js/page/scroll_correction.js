/** Says how far to scroll after a change, so that the block under the reader's eye stays where it was: the first one
 * below the sticky line that is still there.
 *
 * If the start of that block is out of sight and its height has changed, nobody can tell whether the change is above or
 * below the eye; then the next block of the same part of the page decides, if it is in view.
 * @param {Live.Block[]} before in the order of reading, without what vanishes or moves by itself
 * @param {Map<unknown, Live.Span>} after the same blocks by their keys, as far as they are still there
 * @param {Live.Window} view before the change */
export function correction(before, after, { line, height, scrolled }) {
  if (scrolled <= 0) return 0; // the page rests on its top
  const seen = before.filter(({ key, top, bottom }) => after.has(key) && bottom > line && top < height);
  const [first] = seen;
  if (!first) return 0;
  const isUncertain = first.top < line && Math.abs(heightOf(first) - heightOf(after.get(first.key) ?? first)) >= 1;
  const next = isUncertain && seen.find(({ part, top }) => part === first.part && top >= line);
  const { key, top } = next || first;
  return (after.get(key)?.top ?? top) - top;
}

/** @param {Live.Span} block */
const heightOf = ({ top, bottom }) => bottom - top;
