const ENTRIES = "[data-pinned] > *, [data-entries] > *";
const BLOCKS = `.head, .head > *, .latest, .side > *, .box > *, .box li, .keys li, .fold, ${ENTRIES}, .what > *, .more, .foot`;
const COLUMN = ".feed"; // the element around the entries has no box: it would move where they do not
const NAME = "hold-scroll";
const SCROLL_ENDS = 150; // milliseconds without a scroll event after which a scroll is over
const MAX_WAIT = 2000; // the longest that updates wait for a scroll to end, in milliseconds

/** Changes in a second above which nothing glides: the next would be measured while the last one is still moving. */
const BURST = 12;

/** When the last changes were made. @type {number[]} */
let changes = [];
let scrolled = -SCROLL_ENDS;
addEventListener("scroll", () => (scrolled = performance.now()), { passive: true });

/** Whether nothing should move: the reader prefers it so, or the event is marked as sensitive. */
export const calm = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches || !!document.querySelector("[data-sensitive]");

/** @param {Element} element */
const top = (element) => element.getBoundingClientRect().top;

/** @param {Element} element @param {number} [margin] in heights of the window */
export function inView(element, margin = 0) {
  const box = element.getBoundingClientRect();
  return box.bottom > -margin * innerHeight && box.top < (1 + margin) * innerHeight;
}

/** A block that is gliding counts, even if its start has been scrolled past. @param {Element} block */
const moves = (block) => block.getAttribute("style")?.includes("transform") || block.getAnimations().some(isOurs);

/** @param {Animation} motion */
const isOurs = ({ id }) => id === NAME;

const motions = () => document.getAnimations().filter(isOurs);

/** Resolves when no scroll is in progress, which a change would end. Gliding blocks stop for one frame: otherwise the
 * browser would compare their new place with the start of the glide, and count a layout shift. */
export async function standstill() {
  const until = performance.now() + MAX_WAIT;
  for (let now = 0; (now = performance.now()) < Math.min(until, scrolled + SCROLL_ENDS); ) await after(scrolled + SCROLL_ENDS - now);
  const moving = motions();
  for (const motion of moving) stop(motion);
  if (moving.length) await aFrame();
}

/** @param {number} milliseconds */
const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves when the browser has drawn a frame; a hidden page draws none. */
export function aFrame() {
  const drawn = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([drawn, after(document.hidden ? 0 : 1000)]);
}

/** @param {Animation} motion */
function stop(motion) {
  try {
    motion.commitStyles();
  } catch {
    // Its block is hidden (in a closed list), so it has no place.
  }
  motion.cancel();
}

/** Changes the page so that the text being read stays in place. The first entry in view is kept in place by scrolling,
 * because Safari before 27 has no scroll anchoring; blocks that move glide from their old place, which counts as no
 * layout shift.
 * @param {() => void} change @param {(element: Element) => boolean} [touched] whether the change is about this entry */
export function holdScroll(change, touched = () => false) {
  const seen = [...document.querySelectorAll(BLOCKS)].filter((block) => inView(block, 1));
  const columns = [...document.querySelectorAll(COLUMN)].filter((column) => top(column) >= 0 || moves(column));
  const before = new Map([...columns, ...seen].map((block) => [block, top(block)]));
  release();
  const anchor = anchorOf(touched);
  const place = anchor ? top(anchor) : 0;
  const { style } = document.documentElement;
  style.overflowAnchor = "none";
  change();
  const moved = anchor?.isConnected ? top(anchor) - place : 0;
  if (moved) scrollBy({ top: moved, behavior: "instant" }); // scrolling by 0 would still end a smooth scroll
  style.overflowAnchor = "";
  const now = performance.now();
  changes = [...changes.filter((at) => now - at < 1000), now];
  if (!calm() && changes.length <= BURST) glide(before);
}

/** Puts gliding and stopped blocks into their final place. */
function release() {
  for (const motion of motions()) motion.cancel();
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[style*=transform]"))) {
    block.style.transform = "";
    if (!block.style.length) block.removeAttribute("style");
  }
}

/** The entry to keep in place; none while the start of the feed is in view, since the page then rests on its top.
 * @param {(element: Element) => boolean} touched */
function anchorOf(touched) {
  const entries = [...document.querySelectorAll(ENTRIES)];
  if (!entries[0] || top(entries[0]) >= 0) return null;
  const visible = entries.filter((entry) => inView(entry));
  return visible.find((entry) => !touched(entry)) ?? visible[0];
}

/** Lets each block glide from its old place; a block inside another glides only the difference.
 * @param {Map<Element, number>} before */
function glide(before) {
  const distances = new Map([...before].map(([block, old]) => [block, old - top(block)]));
  for (const [block, distance] of distances) {
    let outer = block.parentElement;
    while (outer && !distances.has(outer)) outer = outer.parentElement;
    const rest = distance - (outer ? Number(distances.get(outer)) : 0);
    if (Math.abs(rest) < 1) continue;
    const from = { transform: `translateY(${rest}px)` };
    block.animate([from, { transform: "none" }], { duration: 300, easing: "ease-out" }).id = NAME;
  }
}
