/** Decides what to do with an entry's newest state. `hold`: keep it behind the button. `leave`: take it off this page,
 * because it now belongs to another. `drop`: it does not concern this page.
 * @param {Live.Entry} item @param {Live.Place} place
 * @returns {"insert" | "update" | "hold" | "remove" | "leave" | "drop"} */
export function placed(item, place) {
  const { onPage, paused, open, view, lost } = place;
  const removed = item.op === "del";
  if (removed && !item.html) return onPage ? "remove" : "drop";
  if (removed && onPage) return "update";
  if (paused) return "hold";
  if (!matches(item, place)) return onPage ? "leave" : "drop";
  if (view !== "first") return onPage ? "update" : lost ? "insert" : isNews(item, place) ? "hold" : "drop";
  if ((item.order ?? 0) <= place.floor) return onPage ? "leave" : "drop";
  if (onPage) return "update";
  return open || removed || lost || item.kind === "restore" ? "insert" : "hold"; // a restored entry is no news
}

/** @param {Live.Entry} item @param {Live.Place} place */
function matches(item, { filter }) {
  return filter !== "key" || ("key" in item && item.key);
}

/** Whether the entry was published after the page was written, and not just changed.
 * @param {Live.Entry} item @param {Live.Place} place */
function isNews({ op, kind, at = "" }, { since }) {
  return op === "put" && (kind === "publish" || Date.parse(at) > Date.parse(since));
}

/** New entries are inserted at once only where that moves nothing the reader looks at. Newest first: while the page
 * rests at its top, or the entries begin below the window; who has scrolled to the entries gets the button, also when
 * the newest one stands right below the sticky line. Oldest first: while the end of the entries is in view.
 * @param {Live.ViewState} moment */
export function mayMove({ hidden, paused, reading, calm, scrolled, line, feedTop, feedEnd, height, upwards }) {
  if (hidden || paused) return false;
  if (!upwards) return feedEnd <= height && !calm;
  return feedTop >= height || (scrolled < line && feedTop >= line && !(reading || calm));
}

/** An advertisement follows every fourth entry that arrives.
 * @param {number} arrived @param {number} slots on the page @param {number} most */
export function takesSlot(arrived, slots, most) {
  return arrived % 4 === 0 && slots < most;
}
