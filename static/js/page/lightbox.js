import { parse } from "../html.js";
import { focusOn } from "./entry.js";

/** A photo as large as the window, with buttons to the page's other photos. */
class Lightbox {
  /** The address of the large photo. */
  #href = "";
  /** The photo's caption and description. */
  #words = "";
  /** Closes as soon as the photo is removed or replaced, and shows it again with other words. */
  #observer = new MutationObserver(() => {
    const { link } = this;
    if (!link?.isConnected || link.href !== this.#href) this.dialog.close();
    else if (wordsOf(link) !== this.#words) this.show(link);
  });

  /** @param {Live.Page} page */
  constructor(page) {
    const { strings, root } = page;
    this.page = page;
    this.root = root;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "lightbox";
    this.place = document.createElement("figure");
    this.row = document.createElement("div");
    this.row.className = "row";
    this.count = document.createElement("p");
    this.count.setAttribute("role", "status");
    this.back = this.#button(strings.get("photo_back"), "i-back", () => this.#step(-1));
    this.on = this.#button(strings.get("photo_on"), "i-fwd", () => this.#step(1));
    const close = this.#button(strings.get("close"), "i-close", () => this.dialog.close());
    this.row.append(this.count, this.back, this.on, close);
    this.dialog.append(this.place, this.row);
    this.dialog.addEventListener("keydown", this);
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.#closed());
    document.body.append(this.dialog);
  }

  /** @param {string} words @param {string} icon @param {() => void} onclick */
  #button(words, icon, onclick) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quiet", onclick, title: words });
    button.setAttribute("aria-label", words);
    const flip = icon === "i-close" ? "" : ' class="flip"';
    button.append(parse(`<svg${flip} aria-hidden="true"><use href="#${icon}"/></svg>`));
    return button;
  }

  get links() {
    return /** @type {HTMLAnchorElement[]} */ ([...this.root.querySelectorAll("[data-entries] [data-zoom]")]);
  }

  /** @param {HTMLAnchorElement} link */
  show(link) {
    this.link = link;
    this.#href = link.href;
    this.#words = wordsOf(link);
    const { links } = this;
    const photo = /** @type {HTMLElement} */ (link.querySelector("picture")?.cloneNode(true));
    for (const image of photo.children) image.setAttribute("sizes", "100vw");
    photo.querySelector("img")?.removeAttribute("loading");
    const caption = captionOf(link)?.cloneNode(true);
    this.place.replaceChildren(photo, ...(caption ? [caption] : []));
    const at = links.indexOf(link);
    const count = at < 0 ? "" : `${at + 1} / ${links.length}`;
    const alt = photo.querySelector("img")?.alt ?? "";
    this.#say(count, alt);
    this.dialog.setAttribute("aria-label", alt || count);
    this.back.ariaDisabled = String(at < 1); // `disabled` would take the focus away
    this.on.ariaDisabled = String(at === links.length - 1);
    this.back.hidden = this.on.hidden = at < 0 || links.length < 2;
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.#observer.observe(this.root, { childList: true, subtree: true, characterData: true, attributeFilter: ["alt", "href"] });
  }

  /** A screen reader hears which photo came, as the focus stays on the button. @param {string} count @param {string} alt */
  #say(count, alt) {
    const description = document.createElement("span");
    description.className = "vh";
    description.textContent = alt;
    this.count.replaceChildren(`${count} `, description);
  }

  /** @param {number} way */
  #step(way) {
    const { links, link } = this;
    const next = link && links[links.indexOf(link) + way];
    if (next) this.show(next);
  }

  /** The arrow keys follow the direction of the text. @param {KeyboardEvent} event */
  handleEvent({ key }) {
    const ahead = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (key === "ArrowLeft" || key === "ArrowRight") this.#step(key === ahead ? 1 : -1);
  }

  /** Moves the focus to the photo shown last, or if it is gone to the first entry in view, else to the last. */
  #closed() {
    this.#observer.disconnect();
    this.place.replaceChildren();
    const { link } = this;
    const { articles } = this.page.timeline.feed;
    link?.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (link?.isConnected) link.focus({ preventScroll: true });
    else focusOn(articles.find((article) => article.getBoundingClientRect().bottom > 0) ?? articles.at(-1));
  }
}

/** @param {Element} link */
const captionOf = (link) => link.closest("figure")?.querySelector("figcaption");

/** @param {Element} link */
const wordsOf = (link) => `${captionOf(link)?.innerHTML} ${link.querySelector("img")?.alt}`;

/** @type {Lightbox | undefined} */
let lightbox;

/** @param {Live.Page} page @param {HTMLAnchorElement} link to the largest rendition */
export function enlarge(page, link) {
  lightbox ??= new Lightbox(page);
  lightbox.show(link);
}
