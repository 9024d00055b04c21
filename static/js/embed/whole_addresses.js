const ADDRESSES = ["href", "src", "poster"];

/** Makes HTML of the live blog's site fit for a page of another one, as updates/rendering/absolute.py does on the server:
 * puts the origin before each path, and takes out icons, which only our pages have, and captions, which browsers show on
 * pages of their own site only.
 * @template {ParentNode} T @param {T} part @param {string} origin @returns {T} */
export function whole(part, origin) {
  for (const element of part.querySelectorAll("svg, track")) element.remove();
  for (const name of ADDRESSES) {
    for (const element of part.querySelectorAll(`[${name}^="/"]`)) {
      element.setAttribute(name, wholeAddress(element.getAttribute(name) ?? "", origin));
    }
  }
  for (const link of part.querySelectorAll("[data-zoom]")) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener");
  }
  for (const element of part.querySelectorAll("[srcset]")) {
    const pictures = (element.getAttribute("srcset") ?? "").split(/,\s+/);
    element.setAttribute("srcset", pictures.map((picture) => wholeAddress(picture, origin)).join(", "));
  }
  return part;
}

/** @param {string} address @param {string} origin */
const wholeAddress = (address, origin) => (/^\/(?!\/)/.test(address) ? origin + address : address);
