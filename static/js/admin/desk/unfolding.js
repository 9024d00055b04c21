import { parse } from "../../html.js";
import { element, translate } from "../strings.js";

/** Fetches the whole update when its title in the timeline is pressed, so that it is read where it is acted on.
 * @param {HTMLElement} host @param {AbortSignal} signal */
export function unfoldRows(host, signal) {
  host.addEventListener("toggle", (event) => {
    const fold = /** @type {HTMLDetailsElement} */ (event.target);
    if (fold.matches("[data-whole]") && fold.open) void load(fold);
  }, { capture: true, signal }); // the event does not bubble
}

/** @param {HTMLDetailsElement} fold */
async function load(fold) {
  const place = fold.querySelector("div") ?? fold.appendChild(element("div"));
  if (place.childElementCount) return;
  const html = await fetchWhole(String(fold.dataset.whole)).catch(() => "");
  if (html) return place.replaceChildren(parse(html)); // drawn and cleaned by the server
  place.replaceChildren(element("p", translate("no_line"), { class: "errornote" }));
  fold.addEventListener("toggle", () => place.replaceChildren(), { once: true }); // the next press tries again
}

/** Returns nothing where it leads to the login. The line may also be lost in the middle of the text. @param {string} address */
async function fetchWhole(address) {
  const response = await fetch(address);
  return response.ok && !response.redirected ? response.text() : "";
}
