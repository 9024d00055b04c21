"""Measures of a page's layout, as functions of JavaScript for any browser."""

LARGE_LETTERS = """() => {
  document.documentElement.style.fontSize = "32px";
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((row) =>
    [...row.children].filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect()));
  const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
  const rows = boxes(".watch .row, .mast, .facts, .by, .by p, .when, .keys a, .row");
  const torn = [...document.querySelectorAll("h1, .by b, .names, .box h2")].filter((each) => {
    const range = document.createRange();
    return [...each.textContent.matchAll(/Ellery|Calder|know|نعرفه/g)].some(({index, 0: word}) => {
        const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
        let before = 0, node;
        while ((node = walker.nextNode()) && before + node.length <= index) before += node.length;
        range.setStart(node, index - before);
        range.setEnd(node, index - before + word.length);
        return [...range.getClientRects()].filter(({width}) => width > 1).length > 1;
    });
  });
  const page = document.body.getBoundingClientRect();
  const seen = [...document.querySelectorAll(":is(main, .watch, .mast) :not(svg *)")].filter((each) =>
    each.checkVisibility() && getComputedStyle(each).position !== "absolute" && !each.closest(".pill, .vh"));
  const out = ({left, right}) => Math.round(Math.max(right - page.right, page.left - left) - 0.5);
  return {
    sideways: Math.max(0, ...seen.map((each) => out(each.getBoundingClientRect()))),
    overlaps: rows.flatMap(
      (row) => row.filter((one, at) => row.slice(at + 1).some((other) => meet(one, other)))).length,
    torn: torn.length,
  };
}"""
"""How far something stands out sideways, how many parts of a row overlap, and how many names and short words are torn
apart, with letters twice as large."""
