const SCROLL_ENDS = 150; // milliseconds without a scroll event after which a scroll is over
const MAX_WAIT = 2000; // the longest that updates wait for a scroll to end, in milliseconds

/** Whatever a reader may have under the eye. */
const TEXTS = "h1, h2, h3, p, li, figcaption, picture, video, iframe";

/** Are moved as a whole. */
const LEAVES = `${TEXTS}, svg, button, summary`;

/** Come and go by themselves, stand still while one scrolls, or are no text that one reads. */
const FLEETING = ".watch, .ad, .since, .day-rule, .by, .meta, .mode, .vh";

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

const glides = () => document.getAnimations().filter(({ id }) => id === "glide");

/** Puts what glides into its place. */
function release() {
  for (const motion of glides()) motion.cancel();
  return 0;
}

/** Keeps the text under the reader's eye in place while the page changes, in the frame of the change. The browser's own
 * anchoring is off: Safari before 27 has none, and the others choose other anchors. */
export class ScrollAnchor {
  #scrolled = -SCROLL_ENDS;
  #gliding = 0;
  /** What the last correction could not reach, because browsers scroll by whole pixels. */
  #rest = 0;
  #scrollY = 0;
  /** Where the blocks rest, when the page was scrolled to `#restingAt`. @type {Map<Element, Live.Block>} */
  #resting = new Map();
  #restingAt = 0;
  #timer = 0;
  #height = 0;
  #line = 0;
  #frame = 0;
  /** Loaded after the page; until then the browser's own anchoring serves.
   * @type {typeof import("./block_motion.js") | undefined} */
  #motion;
  /** @type {Promise<unknown> | undefined} */
  loaded;

  /** @param {AbortSignal} signal */
  connect(signal) {
    const loaded = import("./block_motion.js").then((motion) => {
      this.#motion = motion;
      document.documentElement.style.overflowAnchor = "none";
    }, () => {});
    this.loaded = Promise.race([loaded, wait(MAX_WAIT)]);
    addEventListener("scroll", this, { passive: true, signal });
    const soon = () => (this.#frame ||= requestAnimationFrame(() => this.#follow()));
    const [changes, sizes] = [new MutationObserver(soon), new ResizeObserver(() => this.#follow())];
    changes.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
    sizes.observe(document.body); // the room below does not count
    addEventListener("load", soon, { capture: true, signal }); // of pictures
    signal.addEventListener("abort", () => (changes.disconnect(), sizes.disconnect()));
    this.#remember();
  }

  handleEvent() {
    const now = performance.now();
    this.#scrolled = now;
    if (Math.abs(scrollY - this.#scrollY) > innerHeight / 4) this.#gliding = release(); // one looks at another place
    this.#noteScroll();
    clearTimeout(this.#timer);
    const left = this.#gliding - now;
    if (left <= 0 && Math.abs(scrollY - this.#restingAt) > innerHeight) this.#remember();
    else this.#timer = setTimeout(() => this.#remember(), Math.max(SCROLL_ENDS, left));
  }

  /** Resolves when no scroll is in progress, which a change would end, and nothing glides: a change in the middle would
   * count as a layout shift. It resolves at the start of a frame, because only there it is certain that no scroll has
   * just begun, and after one that was drawn at rest: while a processor is busy, a glide ends without being drawn, and
   * the change would be counted from where the glide was drawn last. */
  async standstill() {
    const until = performance.now() + MAX_WAIT;
    await this.loaded;
    for (let isDrawn = false; ; ) {
      await frame();
      const now = performance.now();
      const left = Math.min(until, Math.max(this.#scrolled + SCROLL_ENDS, this.#gliding, glides().length && now + 1)) - now;
      if (left <= 0 && isDrawn) return;
      isDrawn = left <= 0;
      if (left > 0) await wait(left);
    }
  }

  /** Changes the page. Blocks that move glide from their old place, which counts as no layout shift; those that glide
   * already, from where they are seen.
   * @param {() => void} change */
  hold(change) {
    const gliding = performance.now() < this.#gliding && measure();
    release();
    this.#remember();
    const before = this.#resting;
    const from = scrollY;
    change();
    this.#correct(from);
    this.#remember();
    const lasts = document.hidden ? 0 : this.#motion?.glide(gliding || before, scrollY - from, calm());
    this.#gliding = performance.now() + (lasts ?? 0);
  }

  get isGliding() {
    return glides().length > 0;
  }

  /** Whether an element was in view before the change that is in progress; undefined if it was not there.
   * @param {Element} element */
  saw(element) {
    const block = this.#resting.get(element);
    return block && block.bottom > 0 && block.top < innerHeight;
  }

  /** Corrects what changed without `hold`: banners, advertisements, folds, pictures, fonts. What scripts change is corrected
   * at the start of the frame; of the rest, a ResizeObserver sees it before it is drawn, but after Chromium has counted it
   * as a layout shift. */
  #follow() {
    this.#frame = 0;
    if (document.body.offsetHeight === this.#height) return; // nothing has changed since the page was measured
    release();
    this.#correct(scrollY);
    this.#remember();
  }

  /** @param {number} scrolled before the change */
  #correct(scrolled) {
    const view = { line: this.#line, height: innerHeight, scrolled };
    const to = scrollY + (this.#motion?.correctionOf(this.#restingFrom(scrolled), view) ?? 0) + this.#rest;
    if (Math.abs(to - scrollY) >= 0.5) scrollTo({ top: to, behavior: "instant" }); // else it would end a smooth scroll
    if (to - scrollY >= 1) {
      padBy(to - scrollY); // the page has become too short
      scrollTo({ top: to, behavior: "instant" });
    }
    const rest = to - scrollY;
    this.#rest = Math.abs(rest) < 1 ? rest : 0;
    this.#scrollY = scrollY;
  }

  /** Where the blocks would stand in the window. @param {number} scrolled */
  #restingFrom(scrolled) {
    const by = this.#restingAt - scrolled;
    for (const block of this.#resting.values()) Object.assign(block, { top: block.top + by, bottom: block.bottom + by });
    this.#restingAt = scrolled;
    return this.#resting;
  }

  #remember() {
    this.#resting = measure();
    this.#restingAt = scrollY;
    this.#noteScroll();
    padBy(Math.min(0, scrollY + innerHeight - document.documentElement.scrollHeight));
    this.#height = document.body.offsetHeight; // with the room below
    this.#line = lineEnd();
  }

  #noteScroll() {
    if (scrollY !== this.#scrollY) this.#rest = 0; // the reader has scrolled
    this.#scrollY = scrollY;
  }
}

/** Lengthens or shortens the room below the page. @param {number} pixels */
function padBy(pixels) {
  const { style } = document.body;
  const old = Number.parseFloat(style.paddingBlockEnd || "0");
  const room = Math.max(0, old + pixels);
  if (room !== old) style.paddingBlockEnd = `${room}px`;
}

/** The visible blocks of the page and those near, which a change may bring into view, in the order of reading. Of entries
 * that are far, only the whole. What lies outside of its parent's box is hidden by it.
 * @returns {Map<Element, Live.Block>} */
function measure() {
  /** @type {Map<Element, Live.Block>} */
  const blocks = new Map();
  const feed = document.querySelector(".feed")?.getBoundingClientRect();
  /** @param {Element} key @param {number} from @param {number} to @param {Element} part @param {boolean} isStill */
  const walk = (key, from, to, part, isStill) => {
    const { top, bottom, left, right, height } = boxOf(key);
    const isFar = height && (bottom <= from || top >= to);
    if (isFar && !key.matches("[data-entries] > *")) return;
    const isBeside = !!feed && key.matches(".side") && (left >= feed.right || right <= feed.left);
    const still = isStill && !isBeside && !key.matches(FLEETING);
    const isLeaf = isFar || !key.firstElementChild || key.matches(LEAVES);
    const inner = key.matches("article, .box, .gone") ? key : part;
    if (height) blocks.set(key, { key, part: inner, top, bottom, left, isLeaf, isAnchor: still && !isFar && key.matches(TEXTS) });
    if (isLeaf) return;
    const [start, end] = height ? [Math.max(from, top), Math.min(to, bottom)] : [from, to];
    for (const child of key.children) walk(child, start, end, inner, still);
  };
  walk(document.body, -innerHeight, 3 * innerHeight, document.body, true);
  return blocks;
}
