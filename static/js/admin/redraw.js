const CONTROLS = "a[href], button, input, summary";

/** Replace what a part of the page holds. A control with the focus leaves it to the one in its place.
 * @param {Element} part @param {...Node} nodes */
export function redraw(part, ...nodes) {
  const at = [...part.querySelectorAll(CONTROLS)].findIndex((each) => each === document.activeElement);
  part.replaceChildren(...nodes);
  if (at < 0) return;
  const controls = /** @type {HTMLElement[]} */ ([...part.querySelectorAll(CONTROLS)]);
  (controls[at] ?? controls.at(-1))?.focus({ preventScroll: true });
}
