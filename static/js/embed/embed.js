import { fetchSection } from "./fetch_section.js";
import { parsePage } from "../html.js";
import { reportHeight } from "./height.js";
import { play } from "../page/player.js";
import { LiveSection } from "./live_section.js";

/* The page that other sites frame. */

const { fragment = "", parents = "" } = document.body.dataset;
const section = /** @type {HTMLElement} */ (document.querySelector(".live-blog"));

reportHeight(document.body, parents.split(" ").filter(Boolean));
new LiveSection(section, location.origin, (signal) => fetchSection(fragment, signal), checkSites).connect();

/** Loads this page again where its list of sites has changed, so that the browser refuses it to one that was taken off.
 * @param {AbortSignal} signal */
async function checkSites(signal) {
  const response = await fetch(location.href, { signal });
  const { dataset } = parsePage(await response.text()).body;
  if (response.ok && dataset.parents !== parents) location.reload();
}

// The policy of this page lets players in; on pages of other sites they are links.
section.addEventListener("click", (event) => {
  const poster = event.target instanceof Element && /** @type {HTMLElement | null} */ (event.target.closest("[data-player]"));
  if (!poster || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  play(poster);
});
