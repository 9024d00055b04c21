import { correction } from "./scroll_correction.js";

const NAME = "hold-scroll";
const GLIDE = 300; // milliseconds
const GLIDE_ENDS = GLIDE + 50; // it begins with the next frame
const SCROLL_ENDS = 150; // milliseconds without a scroll event after which a scroll is over
const MAX_WAIT = 2000; // the longest that updates wait for a scroll to end, in milliseconds

/** Whatever a reader may have under the eye. */
const TEXTS = "h1, h2, h3, p, li, figcaption, picture, video, iframe";

/** Are moved as a whole. */
const LEAVES = `${TEXTS}, svg, button, summary`;

/** Come and go by themselves, or are no text that one reads. */
const FLEETING = ".ad, .since, .day-rule, .by, .meta, .mode, .vh";

/** Whether nothing should move: the reader prefers it so, or the event is marked as sensitive. */
export const calm = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches || !!document.querySelector("[data-sensitive]");

/** @param {Element} element */
const boxOf = (element) => element.getBoundingClientRect();

/** @param {Element} element @param {number} [margin] in heights of the window */
export function inView(element, margin = 0) {
  const { top, bottom } = boxOf(element);
  return bottom > -margin * innerHeight && top < (1 + margin) * innerHeight;
}

/** The lower edge of the sticky line. */
export const lineEnd = () => Math.max(0, document.querySelector(".watch")?.getBoundingClientRect().bottom ?? 0);

/** @param {number} milliseconds */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A hidden page draws no frames. */
const frame = () =>
  document.hidden ? null : new Promise((resolve) => void (requestAnimationFrame(resolve), setTimeout(resolve, 1000)));

/** Puts what glides into its place. */
function release() {
  for (const motion of document.getAnimations()) if (motion.id === NAME) motion.cancel();
}

/** Keeps the text under the reader's eye in place while the page changes, in the frame of the change. The browser's own
 * anchoring is off: Safari before 27 has none, and the others choose other anchors. */
export class ScrollAnchor {
  #scrolled = -SCROLL_ENDS;
  #gliding = 0;
  /** What the last correction could not reach, because browsers scroll by whole pixels. */
  #rest = 0;
  #scrollY = 0;
  /** Where the blocks rest on the page. @type {Live.Block[]} */
  #resting = [];
  #timer = 0;
  #height = 0;

  /** @param {HTMLElement} root @param {AbortSignal} signal */
  connect(root, signal) {
    document.documentElement.style.overflowAnchor = "none";
    addEventListener("scroll", this, { passive: true, signal });
    const observer = new ResizeObserver(() => this.#follow());
    for (const part of root.querySelectorAll(".head, .latest, .side, .feed")) observer.observe(part);
    signal.addEventListener("abort", () => observer.disconnect());
    this.#remember();
  }

  handleEvent() {
    this.#scrolled = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#remember(), SCROLL_ENDS);
  }

  /** Resolves when no scroll is in progress, which a change would end, and nothing glides: a change in the middle would
   * count as a layout shift. It resolves at the start of a frame, because only there it is certain that no scroll has
   * just begun. */
  async standstill() {
    const until = performance.now() + MAX_WAIT;
    for (;;) {
      await frame();
      const left = Math.min(until, Math.max(this.#scrolled + SCROLL_ENDS, this.#gliding)) - performance.now();
      if (left <= 0) return;
      await wait(left);
    }
  }

  /** Changes the page. Blocks that move glide from their old place, which counts as no layout shift; those that glide
   * already, from where they are seen.
   * @param {() => void} change */
  hold(change) {
    const gliding = performance.now() < this.#gliding && measure();
    release();
    const resting = this.#remember();
    const from = scrollY;
    change();
    this.#correct(from);
    this.#remember();
    if (!calm() && !document.hidden && glide(gliding || resting, scrollY - from)) this.#gliding = performance.now() + GLIDE_ENDS;
  }

  /** Corrects what changed without `hold`: fonts, advertisements, folds. */
  #follow() {
    if (document.body.offsetHeight === this.#height) return; // nothing has changed since the page was measured
    release();
    this.#correct(scrollY);
    this.#remember();
  }

  /** @param {number} scrolled before the change */
  #correct(scrolled) {
    const before = this.#resting.map((block) => ({ ...block, top: block.top - scrolled, bottom: block.bottom - scrolled }));
    const by = correction(before, surviving(before), { line: lineEnd(), height: innerHeight, scrolled });
    const to = scrollY + by + this.#rest;
    if (Math.abs(to - scrollY) >= 0.5) scrollTo({ top: to, behavior: "instant" }); // else it would end a smooth scroll
    if (to - scrollY >= 1) {
      padBy(to - scrollY); // the page has become too short
      scrollTo({ top: to, behavior: "instant" });
    }
    const rest = to - scrollY;
    this.#rest = Math.abs(rest) < 1 ? rest : 0;
    this.#scrollY = scrollY;
  }

  #remember() {
    const blocks = measure();
    this.#resting = [...blocks.values()]
      .filter(({ isAnchor }) => isAnchor)
      .map((block) => ({ ...block, top: block.top + scrollY, bottom: block.bottom + scrollY }));
    if (scrollY !== this.#scrollY) this.#rest = 0; // the reader has scrolled
    this.#scrollY = scrollY;
    padBy(Math.min(0, scrollY + innerHeight - document.documentElement.scrollHeight));
    this.#height = document.body.offsetHeight; // with the room below
    return blocks;
  }
}

/** Lengthens or shortens the room below the page. @param {number} pixels */
function padBy(pixels) {
  const { style } = document.body;
  const old = Number.parseFloat(style.paddingBlockEnd || "0");
  const room = Math.max(0, old + pixels);
  if (room !== old) style.paddingBlockEnd = `${room}px`;
}

/** The visible blocks of the page and those near, which a change may bring into view, in the order of reading. What lies outside of its
 * parent's box is hidden by it.
 * @returns {Map<Element, Live.Block>} */
function measure() {
  /** @type {Map<Element, Live.Block>} */
  const blocks = new Map();
  const feed = document.querySelector(".feed")?.getBoundingClientRect();
  /** @param {Element} key @param {number} from @param {number} to @param {Element} part @param {boolean} isStill */
  const walk = (key, from, to, part, isStill) => {
    const { top, bottom, left, right, height } = boxOf(key);
    if (height && (bottom <= from || top >= to)) return;
    const isBeside = !!feed && key.matches(".side") && (left >= feed.right || right <= feed.left);
    const still = isStill && !isBeside && !key.matches(FLEETING);
    const isLeaf = !key.firstElementChild || key.matches(LEAVES);
    if (height) blocks.set(key, { key, part, top, bottom, left, isAnchor: still && key.matches(TEXTS) });
    if (isLeaf) return;
    const inner = key.matches("article, .box") ? key : part;
    const [start, end] = height ? [Math.max(from, top), Math.min(to, bottom)] : [from, to];
    for (const child of key.children) walk(child, start, end, inner, still);
  };
  walk(document.body, -innerHeight, 3 * innerHeight, document.body, true);
  return blocks;
}

/** @param {Live.Block[]} blocks @returns {Map<Element, Live.Span>} those that are still to be seen in their part */
function surviving(blocks) {
  /** @type {Map<Element, Live.Span>} */
  const spans = new Map();
  for (const { key, part } of blocks) {
    const [box, around] = [boxOf(key), boxOf(part)];
    if (box.height && box.top < around.bottom) spans.set(key, box);
  }
  return spans;
}

/** Lets each block that has moved both on the page and in the window glide from its old place; a block inside another
 * glides only the difference.
 * @param {Map<Element, Live.Block>} before @param {number} scrolled meanwhile @returns {boolean} whether any does */
function glide(before, scrolled) {
  /** @type {Map<Element, number[]>} */
  const distances = new Map();
  let isGliding = false;
  for (const [block, old] of before) {
    const { top, left, height } = boxOf(block);
    if (!height) continue;
    const [x, y] = [old.left - left, old.top - top];
    distances.set(block, x || Math.abs(y - scrolled) >= 1 ? [x, y] : [0, 0]);
  }
  for (const [block, [x, y]] of distances) {
    let outer = block.parentElement;
    while (outer && !distances.has(outer)) outer = outer.parentElement;
    const [outerX, outerY] = distances.get(outer ?? block) ?? [0, 0];
    const [restX, restY] = outer ? [x - outerX, y - outerY] : [x, y];
    if (Math.hypot(restX, restY) < 1) continue;
    const from = { transform: `translate(${restX}px, ${restY}px)` };
    block.animate([from, { transform: "none" }], { duration: GLIDE, easing: "ease-out" }).id = NAME;
    isGliding = true;
  }
  return isGliding;
}
