export const HEIGHT = "live-blog:height";
export const ASK = "live-blog:ask";

/** Tells the page around this frame how high its content is, and nobody else: the origins are those that may frame it,
 * and the browser hands a message only to the origin that it names.
 * @param {HTMLElement} content @param {string[]} sites */
export function reportHeight(content, sites) {
  if (parent === window) return;
  const send = () => {
    const message = { type: HEIGHT, height: Math.ceil(content.getBoundingClientRect().height) };
    for (const origin of parentOrigins(sites)) parent.postMessage(message, origin);
  };
  new ResizeObserver(send).observe(content);
  addEventListener("message", ({ source, data }) => source === parent && data?.type === ASK && send());
}

/** The origin of the page around the frame, which the browser has compared with the sites. A browser that does not name
 * it gets all sites that are whole origins. @param {string[]} sites */
function parentOrigins(sites) {
  const [known] = [...(location.ancestorOrigins ?? []), originOf(document.referrer)].filter(Boolean);
  return known ? [known] : sites.filter((site) => !site.includes("*"));
}

/** @param {string} address */
const originOf = (address) => (address ? new URL(address).origin : "");
