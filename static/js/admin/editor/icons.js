const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} */
const PATHS = {
  heading_3: "M4 5v13M12.5 5v13M4 11.5h8.5M16 13h4.5l-2.5 2.7c3.8-.2 3.5 4.3.5 4.3-1.2 0-2.2-.5-2.7-1.3",
  heading_4: "M4 5v13M12.5 5v13M4 11.5h8.5M20 20v-7l-4 5h5.5",
  bold: "M8 5h5a3.5 3.5 0 0 1 0 7H8zM8 12h6a3.5 3.5 0 0 1 0 7H8z",
  italic: "M14.5 5l-4 14M11 5h6.5M7 19h6.5",
  bullets: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  numbers: "M10 6h10M10 12h10M10 18h10M4 4.5l1.5-.7v4.7M3.8 15.3c.2-1.8 2.9-1.8 2.9 0 0 1.3-2.9 2.1-2.9 3.7h3",
  link: "M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1",
  unlink: "M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1M4 4l16 16",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  undo: "M8 5L4 9l4 4M4 9h10.5a5 5 0 0 1 0 10H11",
  redo: "M16 5l4 4-4 4M20 9H9.5a5 5 0 0 0 0 10H13",
};

/** @param {string} name @returns {Element | undefined} nothing if there is no such icon */
export function icon(name) {
  if (!(name in PATHS)) return undefined;
  const drawing = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  for (const [key, value] of Object.entries({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" })) drawing.setAttribute(key, value);
  drawing.append(path);
  return drawing;
}
