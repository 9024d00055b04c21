import tokens from "../../css/tokens.css";
import styles from "../../css/embed.css";
import { Backoff, retryAfter, timing, wait } from "../live/backoff.js";
import { fetchSection, sectionOf } from "./fetch_section.js";
import { LiveSection } from "./live_section.js";

const DARK = "@media screen and (prefers-color-scheme:dark)";
const FIRST_WAITS = timing({ backoffBase: "1", poll: "10", hiddenClose: "45" });

/** <live-blog src="https://live.example/storm/">: a live blog in a page of another site. Attributes: `src`, the address
 * of its page; `view`, "updates" or "latest"; `limit`; `update`, the id of a single one; `theme`, "light" or "dark".
 * What stands in it is shown until the updates are there, and where this site may not embed them. */
class LiveBlog extends HTMLElement {
  static observedAttributes = ["src", "view", "limit", "update", "theme"];

  #life = new AbortController();
  /** @type {LiveSection | undefined} */
  #section;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.#showContent();
  }

  connectedCallback() {
    this.#begin();
  }

  disconnectedCallback() {
    this.#end();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (name === "src") this.#showContent();
    if (this.isConnected) this.#begin();
  }

  #showContent() {
    this.shadowRoot?.replaceChildren(document.createElement("slot"));
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
    const root = await firstSection(address, signal);
    if (signal.aborted) return;
    if (!root) return this.#showContent();
    this.shadowRoot.replaceChildren(root);
    dress(this.shadowRoot, [inTheme(tokens, this.#theme()), styles]);
    this.#section = new LiveSection(root, new URL(address).origin, (ended) => fetchSection(address, ended), (ended) => this.#checkSites(address, ended));
    this.#section.connect();
  }

  /** Ends where this site may no longer embed the live blog. @param {string} address @param {AbortSignal} signal */
  async #checkSites(address, signal) {
    const { status } = await fetch(address, { signal });
    if (status !== 403) return;
    this.#end();
    this.#showContent();
  }

  /** Dark colours only on pages that have them, too. */
  #theme() {
    const page = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=color-scheme]"))?.content;
    const { colorScheme } = getComputedStyle(this.parentElement ?? document.documentElement);
    return this.getAttribute("theme") ?? (`${page} ${colorScheme}`.includes("dark") ? "" : "light");
  }

  /** The address of the HTML; it names this site, which the server and then the browser compare. */
  #address() {
    const page = pageAt(this.getAttribute("src"));
    if (!page) return "";
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
    try {
      const response = await fetch(address, { signal });
      if (response.ok) return sectionOf(await response.text());
      if (response.status < 500 && response.status !== 429) {
        console.error(`<live-blog>: ${(await response.text()).slice(0, 200).trim()}`);
        return undefined;
      }
      pause = Math.max(backoff.next(), retryAfter(response.headers.get("Retry-After")));
    } catch {
      pause = backoff.next(); // no line, or an answer from somebody else
    }
  }
  return undefined;
}

/** @param {string | null} src */
function pageAt(src) {
  try {
    const page = new URL(src ?? "", document.baseURI);
    return src && page.protocol.startsWith("http") ? page : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} css @param {string} theme */
function inTheme(css, theme) {
  if (!["light", "dark"].includes(theme)) return css;
  const query = theme === "dark" ? "@media all" : "@media not all";
  return css.replace(DARK, query).replace("color-scheme:light dark", `color-scheme:${theme}`);
}

/** Style sheets that are made by scripts are not subject to a page's policy. Browsers from before 2023 cannot make any.
 * @param {ShadowRoot} root @param {string[]} styles */
function dress(root, styles) {
  if ("replaceSync" in CSSStyleSheet.prototype) {
    root.adoptedStyleSheets = styles.map((css) => {
      const made = new CSSStyleSheet();
      made.replaceSync(css);
      return made;
    });
    return;
  }
  const style = document.createElement("style");
  style.textContent = styles.join("\n");
  root.prepend(style);
}

// The first one stays, where a page shows live blogs of two newsrooms.
if (!customElements.get("live-blog")) customElements.define("live-blog", LiveBlog);
