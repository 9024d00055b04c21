/** Loads a video or post of another site when the reader asks for it. @param {HTMLElement} poster */
export function play(poster) {
  const { player = "", aspect = "", name: title = "" } = poster.dataset;
  const frame = document.createElement("iframe");
  Object.assign(frame.dataset, { player, aspect });
  const allow = "autoplay; fullscreen; picture-in-picture";
  Object.assign(frame, { title, src: player, allow });
  // A frame of our own has no scripts, and puts the other site into such a sandbox itself
  const sandbox = "allow-scripts allow-same-origin allow-popups allow-presentation";
  if (!player.startsWith("/")) frame.setAttribute("sandbox", sandbox);
  poster.replaceWith(frame);
  frame.focus();
}
