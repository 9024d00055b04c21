/** @type {Partial<Record<Live.Contact["is"], [string, string]>>} */
const BROKEN = { waiting: ["retry", "retry"], offline: ["off", "off"], gone: ["gone", "off"] };

/** What stands around the rows: title, state of the event and of the connection, and the button for new updates. */
export class SectionHead {
  /** @type {Live.Contact | undefined} */
  #contact;

  /** @param {HTMLElement} root @param {() => void} reveal */
  constructor(root, reveal) {
    const one = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.root = root;
    this.words = JSON.parse(root.dataset.words ?? "{}");
    this.top = one("header");
    this.title = one("[data-title]");
    this.status = one("[data-part=watch-state]");
    this.pill = one(".pill");
    this.none = one(".none");
    this.state = /** @type {HTMLElement} */ (this.status.cloneNode(true));
    this.pill.onclick = reveal;
  }

  /** @param {Live.Contact} contact */
  contact(contact) {
    this.#contact = contact;
    this.root.dataset.connected = String(!BROKEN[contact.is]);
    this.#showState();
  }

  /** @param {Live.EventPut} item @param {ParentNode} parts */
  event(item, parts) {
    this.#name(item.title, parts.querySelector("h1")?.dir ?? "");
    this.root.dataset.status = item.status;
    this.root.toggleAttribute("data-sensitive", item.sensitive);
    this.state = /** @type {HTMLElement} */ (parts.querySelector("[data-part=watch-state]") ?? this.state);
    this.#showState();
  }

  /** Takes over what a fresh section says. @param {HTMLElement} fresh */
  adopt(fresh) {
    const name = /** @type {HTMLElement} */ (fresh.querySelector("[data-title]"));
    this.#name(name.textContent ?? "", name.parentElement?.dir ?? "");
    this.root.dataset.status = fresh.dataset.status;
    this.root.toggleAttribute("data-sensitive", fresh.dataset.sensitive !== undefined);
    this.root.querySelector(".all")?.replaceWith(/** @type {Element} */ (fresh.querySelector(".all")));
    this.state = /** @type {HTMLElement} */ (fresh.querySelector("[data-part=watch-state]"));
    this.#showState();
  }

  /** @param {number} waiting @param {number} present */
  wait(waiting, present) {
    const { status, update } = this.root.dataset;
    const forms = this.words.new_updates;
    const form = new Intl.PluralRules(this.root.lang).select(waiting);
    if (waiting) this.pill.textContent = (forms[form] ?? forms.other).replace("{n}", waiting);
    this.pill.hidden = !waiting;
    this.none.hidden = !!present || (!update && ["ended", "cancelled"].includes(status ?? ""));
  }

  /** @param {string} title @param {string} dir */
  #name(title, dir) {
    this.title.textContent = title;
    if (this.title.parentElement) this.title.parentElement.dir = dir;
  }

  #showState() {
    const { status, state, words } = this;
    const broken = this.#contact && BROKEN[this.#contact.is];
    const voice = /** @type {HTMLElement} */ (status.querySelector("[role=status]"));
    const reason = document.createElement("b");
    if (broken) reason.textContent = words[broken[0]];
    const nodes = broken ? [reason] : [.../** @type {Element} */ (state.querySelector("[role=status]")).cloneNode(true).childNodes];
    status.dataset.is = broken ? broken[1] : state.dataset.is;
    if (voice.textContent !== nodes.map(({ textContent }) => textContent).join("")) voice.replaceChildren(...nodes);
  }
}
