const ENTRIES = "[data-pinned] > *, [data-entries] > *";
const BLOCKS = `.head, .latest, .box, .keys summary, .keys li, ${ENTRIES}, .more, .foot`;
const NAME = "steady";

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {Element} element */
const top = (element) => element.getBoundingClientRect().top;

/** @param {Element} element @param {number} [margin] in heights of the window */
export function inView(element, margin = 0) {
  const box = element.getBoundingClientRect();
  return box.bottom > -margin * innerHeight && box.top < (1 + margin) * innerHeight;
}

/**
 * Change the page so that what is being read stays where it is. The first entry in view keeps its place, by hand, as
 * Safari before 27 does not anchor; blocks that do move glide from their old place, which counts as no shift.
 *
 * @param {() => void} change @param {(element: Element) => boolean} [touched] whether the change is about this entry
 */
export function steady(change, touched = () => false) {
  const seen = [...document.querySelectorAll(BLOCKS)].filter((block) => inView(block, 1));
  const before = new Map(seen.map((block) => [block, top(block)]));
  for (const block of seen) for (const motion of block.getAnimations()) if (motion.id === NAME) motion.cancel();
  const anchor = anchorOf(touched);
  const place = anchor ? top(anchor) : 0;
  const { style } = document.documentElement;
  style.overflowAnchor = "none";
  change();
  if (anchor?.isConnected) scrollBy({ top: top(anchor) - place, behavior: "instant" });
  style.overflowAnchor = "";
  if (!calm()) for (const [block, old] of before) glide(block, old - top(block));
}

/** While the beginning of the feed is in view, the page rests on its top. @param {(element: Element) => boolean} touched */
function anchorOf(touched) {
  const entries = [...document.querySelectorAll(ENTRIES)];
  if (!entries[0] || top(entries[0]) >= 0) return null;
  const visible = entries.filter((entry) => inView(entry));
  return visible.find((entry) => !touched(entry)) ?? visible[0];
}

/** @param {Element} block @param {number} way */
function glide(block, way) {
  if (Math.abs(way) < 1) return;
  const from = { transform: `translateY(${way}px)` };
  block.animate([from, { transform: "none" }], { duration: 300, easing: "ease-out" }).id = NAME;
}
