import { fetchSection } from "./fetch_section.js";
import { reportHeight } from "./height.js";
import { LiveSection } from "./live_section.js";

/* The page that other sites frame. */

const { fragment = "", parents = "" } = document.body.dataset;
const section = /** @type {HTMLElement} */ (document.querySelector(".live-blog"));

reportHeight(document.body, parents.split(" ").filter(Boolean));
new LiveSection(section, (signal) => fetchSection(fragment, signal)).connect();
