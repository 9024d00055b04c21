const ENTRIES = "[data-pinned] > *, [data-entries] > *";
const BLOCKS = `.head, .head > *, .latest, .side > *, .box > *, .box li, .keys li, .fold, ${ENTRIES}, .what > *, .more, .foot`;
const COLUMN = ".feed"; // what holds the entries in it has no box of its own: that would move where they do not
const NAME = "steady";
const RESTS = 150; // milliseconds after its last step a scroll is over
const PATIENCE = 2000; // milliseconds: longer than that news does not wait for it

let scrolled = -RESTS;
addEventListener("scroll", () => (scrolled = performance.now()), { passive: true });

/** Whether nothing should move: the reader asked for it, or the news is grave. */
export const calm = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches || !!document.querySelector("[data-sensitive]");

/** @param {Element} element */
const top = (element) => element.getBoundingClientRect().top;

/** @param {Element} element @param {number} [margin] in heights of the window */
export function inView(element, margin = 0) {
  const box = element.getBoundingClientRect();
  return box.bottom > -margin * innerHeight && box.top < (1 + margin) * innerHeight;
}

/** What is on its way goes on, also where the reader has scrolled past its beginning. @param {Element} block */
const moves = (block) => block.getAttribute("style")?.includes("transform") || block.getAnimations().some(isOurs);

/** @param {Animation} motion */
const isOurs = ({ id }) => id === NAME;

const motions = () => document.getAnimations().filter(isOurs);

/**
 * Resolves when the page may change: no scroll is under way, which a change would end or be counted with. Blocks on their way halt for it, and for one frame, in which the browser takes note
 * of where they are: it would else compare with the place they set out from, and count a shift.
 */
export async function standstill() {
  const until = performance.now() + PATIENCE;
  for (let now = 0; (now = performance.now()) < Math.min(until, scrolled + RESTS); ) await after(scrolled + RESTS - now);
  const moving = motions();
  for (const motion of moving) halt(motion);
  if (moving.length) await aFrame();
}

/** @param {number} milliseconds */
const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves when the browser has drawn, however busy it is; a page that nobody sees it does not draw. */
export function aFrame() {
  const drawn = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([drawn, after(document.hidden ? 0 : 1000)]);
}

/** @param {Animation} motion */
function halt(motion) {
  try {
    motion.commitStyles();
  } catch {
    // Its block is not shown any more (a closed list), and so has no place.
  }
  motion.cancel();
}

/**
 * Change the page so that what is being read stays where it is. The first entry in view keeps its place, by hand, as
 * Safari before 27 does not anchor; blocks that do move glide from their old place, which counts as no shift.
 *
 * @param {() => void} change @param {(element: Element) => boolean} [touched] whether the change is about this entry
 */
export function steady(change, touched = () => false) {
  const seen = [...document.querySelectorAll(BLOCKS)].filter((block) => inView(block, 1));
  const begun = [...document.querySelectorAll(COLUMN)].filter((column) => top(column) >= 0 || moves(column));
  const before = new Map([...begun, ...seen].map((block) => [block, top(block)]));
  release();
  const anchor = anchorOf(touched);
  const place = anchor ? top(anchor) : 0;
  const { style } = document.documentElement;
  style.overflowAnchor = "none";
  change();
  const moved = anchor?.isConnected ? top(anchor) - place : 0;
  if (moved) scrollBy({ top: moved, behavior: "instant" }); // by nothing, it would still end a smooth scroll
  style.overflowAnchor = "";
  if (!calm()) glide(before);
}

/** Blocks on their way, or halted on it, are where they belong. */
function release() {
  for (const motion of motions()) motion.cancel();
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[style*=transform]"))) {
    block.style.transform = "";
    if (!block.style.length) block.removeAttribute("style");
  }
}

/**
 * While the beginning of the feed is in view, the page rests on its top.
 *
 * @param {(element: Element) => boolean} touched
 */
function anchorOf(touched) {
  const entries = [...document.querySelectorAll(ENTRIES)];
  if (!entries[0] || top(entries[0]) >= 0) return null;
  const visible = entries.filter((entry) => inView(entry));
  return visible.find((entry) => !touched(entry)) ?? visible[0];
}

/**
 * Each block from where it was; one inside another goes only the rest of its way.
 *
 * @param {Map<Element, number>} before
 */
function glide(before) {
  const ways = new Map([...before].map(([block, old]) => [block, old - top(block)]));
  for (const [block, way] of ways) {
    let outer = block.parentElement;
    while (outer && !ways.has(outer)) outer = outer.parentElement;
    const rest = way - (outer ? Number(ways.get(outer)) : 0);
    if (Math.abs(rest) < 1) continue;
    const from = { transform: `translateY(${rest}px)` };
    block.animate([from, { transform: "none" }], { duration: 300, easing: "ease-out" }).id = NAME;
  }
}
