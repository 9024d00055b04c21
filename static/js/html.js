/*
 * The only place that turns HTML from the server into elements. Pages require Trusted Types, so that browsers which have
 * them refuse a string of markup, or the address of a script, anywhere else.
 */

const NAME = "liveblog"; // liveblog/security.py allows this policy
const SERVICE_WORKER = new URL("../../service-worker.js", import.meta.url).href; // two folders above the bundles

/** One policy for all bundles of a page: a second one of the same name would be refused. */
const policy = (globalThis.liveblogHtml ??= globalThis.trustedTypes?.createPolicy(NAME, {
  createHTML: (html) => html,
  createScriptURL: () => SERVICE_WORKER, // the only script that a script may start
}));

/** Nothing loads or runs inside a <template>. @param {string} html */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy?.createHTML(html) ?? html;
  return template.content;
}

/** A whole page, for its parts; nothing of it loads or runs. @param {string} html */
export const parsePage = (html) => new DOMParser().parseFromString(policy?.createHTML(html) ?? html, "text/html");

/** The address of the service worker, as browsers with Trusted Types want it. */
export const serviceWorker = () => policy?.createScriptURL("") ?? SERVICE_WORKER;
