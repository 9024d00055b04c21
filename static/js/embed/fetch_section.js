import { parse } from "../html.js";
import { ask } from "../live/catch_up.js";

/** Fetches a section. @param {string} address @param {AbortSignal} signal @returns {Promise<Live.Reply<HTMLElement>>} */
export const fetchSection = (address, signal) => ask(address, signal, async (response) => sectionOf(await response.text()));

/** @param {string} html */
export function sectionOf(html) {
  const section = /** @type {HTMLElement | null} */ (parse(html).querySelector("section.live-blog"));
  if (!section) throw new TypeError("no section"); // a proxy has answered
  return section;
}
