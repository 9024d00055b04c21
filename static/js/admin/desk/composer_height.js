/** Fits the form to the screen on a laptop, where it stays beside the scrolling timeline: what is above it at the top of the
 * page would push its buttons below the edge. */
export function fitComposer() {
  const column = document.getElementById("write");
  if (!column || !document.querySelector("desk-timeline")) return;
  const fit = () => column.style.setProperty("--top", `${Math.max(0, Math.round(column.getBoundingClientRect().top))}px`);
  for (const name of ["scroll", "resize"]) window.addEventListener(name, fit, { passive: true });
  fit();
}
