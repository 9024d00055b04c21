import { takesSlot } from "./placement.js";

/** The places for advertisements. Reports which have come, gone, or been turned on or off. */
export class AdSlots {
  /** Places that a site's script knows of, with whether they are on. @type {Map<HTMLElement, boolean>} */
  #known = new Map();
  #number = 0;
  #arrived = 0;

  /** @param {HTMLElement} root @param {Live.Feed} feed @param {(name: string, detail: object) => void} tell */
  constructor(root, feed, tell) {
    this.root = root;
    this.feed = feed;
    this.tell = tell;
  }

  /** Adds places after what has arrived, and tells of those that have come, gone, or been turned on or off.
   * @param {HTMLElement[]} arrived new entries, the oldest first */
  look(arrived = []) {
    const isOn = !("noAds" in document.documentElement.dataset || this.root.hasAttribute("data-sensitive"));
    if (isOn) for (const article of arrived) this.#add(article);
    /** @type {HTMLElement[]} */
    const slots = [...this.feed.entries.querySelectorAll(/** @type {"div"} */ (".ad"))];
    for (const [slot, wasOn] of this.#known) {
      if (wasOn && !(isOn && slots.includes(slot))) this.#tell(slot, "off");
      if (!slots.includes(slot)) this.#known.delete(slot);
    }
    for (const slot of slots) {
      if (!this.#known.has(slot)) this.#name(slot);
      if (isOn && !this.#known.get(slot)) this.#tell(slot, "on");
      this.#known.set(slot, isOn);
    }
  }

  /** An advertisement follows every fourth entry that arrives. @param {HTMLElement} article */
  #add(article) {
    const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("ad-slot"));
    if (!template) return;
    const slots = this.feed.entries.querySelectorAll(".ad").length;
    if (!takesSlot(++this.#arrived, slots, Number(template.dataset.most))) return;
    article[this.feed.upwards ? "after" : "before"](template.content.cloneNode(true));
  }

  /** Numbers a place: those of another page begin with 1 again. @param {HTMLElement} slot */
  #name(slot) {
    this.#number = Math.max(this.#number + 1, Number(slot.dataset.slot));
    slot.dataset.slot = String(this.#number);
    const box = slot.querySelector(".slot");
    if (box) box.id = `ad-${this.#number}`;
  }

  /** @param {HTMLElement} slot @param {"on" | "off"} state */
  #tell(slot, state) {
    const { slot: number, event, page, size, targeting = "{}" } = slot.dataset;
    const element = slot.querySelector(".slot");
    this.tell("slot", { state, element, number: Number(number), event, page, size, targeting: JSON.parse(targeting) });
  }
}
