/* Watches the text under a reader's eye, in every frame: evaluated in the page by session.py. It shares no code with the page. */
(() => {
  const TEXTS = "h1, .stand, .box li, .what h2:not(.vh), .what p, .what li, .what img";
  const PASSING = ".ad, p.gone, .since, .day-rule";
  const box = (node) => node.getBoundingClientRect();
  const line = () => Math.max(0, box(document.querySelector(".watch")).bottom);
  /** The end of a folded text; what stands below it is not to be seen. @param {Element} node */
  const foldOf = (node) => box(node.closest(".what, .box") ?? node).bottom;
  const eye = (window.eye = { worst: 0, story: [], shift: 0, shifts: [], op: "" });
  let texts = [];
  let from = 0;
  let watching = false;
  let change = () => {};

  /** The texts that the reader has before them, the first one below the sticky line first. */
  const take = () => {
    const [side, feed] = [box(document.querySelector(".side")), box(document.querySelector(".feed"))];
    const beside = side.left >= feed.right || side.right <= feed.left;
    from = line();
    texts = [...document.querySelectorAll(TEXTS)]
      .filter((node) => !node.closest(PASSING) && !(beside && node.closest(".side")))
      .map((node) => ({ node, from, top: box(node).top, height: box(node).height }))
      .filter(({ node, top, height }) => height && top + height > from && top < Math.min(innerHeight, foldOf(node)));
  };

  /** Looks at each frame once it has been drawn: late fonts are corrected between its callbacks and its drawing. */
  const { port1, port2 } = new MessageChannel();
  const watch = () => requestAnimationFrame(() => port2.postMessage(""));

  port1.onmessage = () => {
    watch();
    look();
    change();
    change = () => {};
  };

  const look = () => {
    if (!watching || scrollY <= 0) return;
    const [first] = texts.filter(({ node }) => node.isConnected && box(node).height);
    // Once all that was being read has been replaced, a text far below is not what the reader looks at.
    if (!first || first.top > innerHeight / 2) return;
    const { node, top, height, from: line } = first;
    const moves = [box(node).top - top, box(node).bottom - top - height].map(Math.abs);
    // A text whose start is out of sight and that has changed itself may keep its end instead.
    const moved = top < line ? Math.min(...moves) : moves[0];
    if (moved > eye.worst) {
      eye.worst = moved;
      const place = `at ${Math.round(top)} of ${line}, ${node.localName} of ${node.closest("[data-copy]") ? "the copy" : "an entry"}${texts[0].node === node ? "" : ", the first that is left"}`;
      const words = node.textContent.trim().slice(0, 30);
      eye.story.push(`${moved.toFixed(1)} px after ${eye.op}: ${words} ${place}, scrolled ${scrollY}`);
    }
    // Below the first text others may come and move; should it go, the next one must stay where it was by then.
    if (isGliding()) return; // others
    take();
    if (texts[0]?.node === node) Object.assign(texts[0], { top, height, from: line });
  };
  watch();

  const frames = async (number) => {
    while (number--) await new Promise(requestAnimationFrame);
  };

  const isGliding = () => document.getAnimations().some(({ id }) => id);

  /** Resolves when the page has not scrolled for a while, and nothing glides. */
  const rest = async () => {
    for (let still = 0, y = scrollY; still < 15; still = scrollY === y && !isGliding() ? still + 1 : 0, y = scrollY) await frames(1);
  };

  /** Does what scrolls the page, and looks on from where it ends. */
  eye.after = async (scroll) => {
    watching = false;
    scroll();
    await rest();
    take();
    watching = true;
    return scrollY;
  };
  eye.frames = frames;
  /** Changes the page between two frames, right after a look: else a look could come between the change and its drawing. */
  eye.change = (then) => new Promise((resolve) => (change = () => resolve(void then())));
  eye.rest = () => eye.after(() => {});
  eye.lookAway = () => (watching = false);

  try {
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries()) {
        if (hadRecentInput) continue;
        eye.shift += value;
        const moves = (sources ?? []).map(({ node, previousRect: was, currentRect: is }) =>
          `${node?.className || node?.nodeName} ${was.y}+${was.height} → ${is.y}+${is.height}`);
        if (value > 0.001) eye.shifts.push(`${value.toFixed(4)} after ${eye.op}, scrolled ${scrollY}: ${moves.join(", ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
  } catch {
    // Only Chromium measures layout shifts.
  }
})();
