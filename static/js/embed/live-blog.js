import tokens from "../../css/tokens.css";
import styles from "../../css/embed.css";
import { Backoff, retryAfter, timing, wait } from "../live/backoff.js";
import { fetchSection, sectionOf } from "./fetch_section.js";
import { LiveSection } from "./live_section.js";

const DARK = "@media screen and (prefers-color-scheme:dark)";
const FIRST_WAITS = timing({ backoffBase: "1", poll: "10", hiddenClose: "45" });

/** <live-blog src="https://live.example/storm/">: a live blog in a page of another site. Attributes: `src`, the address
 * of its page; `view`, "updates" or "latest"; `limit`; `update`, the id of a single one; `theme`, "light", "dark" or as the device prefers. What stands in
 * it is shown until the updates are there, and where this site may not embed them. */
class LiveBlog extends HTMLElement {
  static observedAttributes = ["src", "view", "limit", "update", "theme"];

  #life = new AbortController();
  /** @type {LiveSection | undefined} */
  #section;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  connectedCallback() {
    this.#begin();
  }

  disconnectedCallback() {
    this.#end();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#begin();
  }

  #begin() {
    this.#end();
    const { signal } = (this.#life = new AbortController());
    queueMicrotask(() => signal.aborted || this.#load(signal)); // once, where several attributes change
  }

  #end() {
    this.#life.abort();
    this.#section?.disconnect();
    this.#section = undefined;
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    const address = this.#address();
    if (!address || !this.shadowRoot) return;
    this.shadowRoot.adoptedStyleSheets = [sheet(tokens, this.getAttribute("theme")), sheet(styles, null)];
    const root = await firstSection(address, signal);
    if (signal.aborted) return;
    this.shadowRoot.replaceChildren(root ?? document.createElement("slot"));
    if (!root) return;
    this.#section = new LiveSection(root, new URL(address).origin, (ended) => fetchSection(address, ended));
    this.#section.connect();
  }

  /** The address of the HTML; it names this site, which the server and then the browser compare. */
  #address() {
    const src = this.getAttribute("src");
    if (!src) return "";
    const page = new URL(src, document.baseURI);
    page.search = page.hash = "";
    if (!page.pathname.endsWith("/")) page.pathname += "/";
    const address = new URL("fragment", page);
    for (const name of ["view", "limit", "update"]) {
      const value = this.getAttribute(name);
      if (value) address.searchParams.set(name, value);
    }
    address.searchParams.set("parent", location.origin);
    return address.href;
  }
}

/** Asks until there is an answer; a refusal is final. @param {string} address @param {AbortSignal} signal */
async function firstSection(address, signal) {
  const backoff = new Backoff(FIRST_WAITS);
  for (let pause = 0; await wait(pause, signal); ) {
    const response = await fetch(address, { signal }).catch(() => undefined);
    if (response?.ok) return sectionOf(await response.text());
    if (response && response.status < 500 && response.status !== 429) {
      console.error(`<live-blog>: ${(await response.text()).slice(0, 200).trim()}`);
      return undefined;
    }
    pause = Math.max(backoff.next(), retryAfter(response?.headers.get("Retry-After") ?? null));
  }
  return undefined;
}

/** Style sheets that are made by scripts are not subject to a page's policy.
 * @param {string} css @param {string | null} theme */
function sheet(css, theme) {
  const made = new CSSStyleSheet();
  const isFixed = theme === "light" || theme === "dark";
  const query = theme === "dark" ? "@media all" : "@media not all";
  made.replaceSync(isFixed ? css.replace(DARK, query).replace("color-scheme:light dark", `color-scheme:${theme}`) : css);
  return made;
}

customElements.define("live-blog", LiveBlog);
