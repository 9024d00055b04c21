/**
 * What becomes of an entry's newest state. `hold` keeps it behind the button; `leave` takes it off this page because
 * it now stands elsewhere; `drop` means that it never was on this page.
 *
 * @param {Live.Entry} item @param {Live.Place} place
 * @returns {"insert" | "update" | "hold" | "remove" | "leave" | "drop"}
 */
export function placed(item, place) {
  const { shown, paused, open, view } = place;
  const removed = item.op === "del";
  if (removed && !item.html) return shown ? "remove" : "drop";
  if (removed && shown) return "update";
  if (paused) return "hold";
  if (view !== "first") return shown ? "update" : isNews(item, place) ? "hold" : "drop";
  if (!belongs(item, place)) return shown ? "leave" : "drop";
  if (shown) return "update";
  return open || removed ? "insert" : "hold";
}

/** @param {Live.Entry} item @param {Live.Place} place */
function belongs(item, { filter, floor }) {
  return (item.order ?? 0) > floor && (filter !== "key" || ("key" in item && item.key));
}

/**
 * Published since, and no change to an old entry of yet another page.
 *
 * @param {Live.Entry} item @param {Live.Place} place
 */
function isNews({ op, kind, at = "" }, { since }) {
  return op === "put" && (kind === "publish" || Date.parse(at) > Date.parse(since));
}

/** New entries go in at once only where that moves nothing that is being read. @param {Live.Moment} moment */
export function mayMove({ hidden, paused, reading, calm, feedTop, height }) {
  if (hidden || paused || feedTop < 0) return false;
  return feedTop >= height || !(reading || calm);
}

/**
 * An advertisement follows every fourth entry that arrives above the others.
 *
 * @param {number} arrived @param {number} slots on the page
 */
export function takesSlot(arrived, slots) {
  return arrived % 4 === 0 && slots < 8;
}
