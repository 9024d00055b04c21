import { button, clock, element, say } from "./strings.js";
import { keep } from "./store.js";

/** @typedef {import("./drafts.js").Draft} Draft */

/** The drafts on this device: the newest goes back into the form, the others are in a list. */
export class DraftShelf {
  /** @param {HTMLElement} host
   * @param {import("./drafts.js").Drafts} drafts
   * @param {(told: import("./server_request.js").Told | undefined) => void} explain
   * @param {{ discarded: (draft: Draft) => void, empty: () => void }} wishes once a draft is thrown away; out of the form, too */
  constructor(host, drafts, explain, wishes) {
    this.note = /** @type {HTMLElement} */ (host.querySelector("[data-restored]"));
    this.list = /** @type {HTMLElement} */ (host.querySelector("[data-parked]"));
    this.drafts = drafts;
    this.explain = explain;
    this.wishes = wishes;
  }

  /** When the page opens: put back what was being written here. */
  async open() {
    const left = await this.drafts.left();
    const { entry } = this.drafts.whose;
    const mine = left.find((draft) => draft.entry === entry && !draft.parked);
    if (mine && this.drafts.isPristine) await this.#restore(mine);
    else await this.drafts.begin(mine);
    await this.draw();
  }

  /** Move the content of the form to the list of drafts. */
  async park() {
    if (this.drafts.isPristine) return;
    await this.drafts.save({ parked: !this.drafts.whose.entry }); // the draft of a change stays with its entry
    await this.draw();
  }

  quiet() {
    this.note.replaceChildren();
  }

  async draw() {
    const present = this.drafts.id;
    const others = (await this.drafts.left()).filter((draft) => draft.id !== present);
    this.list.replaceChildren(...others.map((draft) => this.#row(draft)));
    /** @type {HTMLElement} */ (this.list.parentElement).hidden = others.length === 0;
  }

  /** @param {Draft} draft */
  #row(draft) {
    const row = element("li");
    const name = draft.title || say("untitled");
    const away = button(say("discard"), async () => {
      await this.drafts.drop(draft.id);
      this.wishes.discarded(draft);
      await this.draw();
    });
    away.setAttribute("aria-label", `${say("discard")}: ${name}`);
    const open = button(name, () => void this.#swap(draft), "link");
    row.append(open, element("span", clock(draft.at), { class: "quiet" }), away);
    return row;
  }

  /** @param {Draft} draft */
  async #swap(draft) {
    if (draft.entry !== this.drafts.whose.entry) {
      await this.drafts.save();
      await keep("drafts", { ...draft, parked: false, at: Date.now() }); // the form there opens with the newest draft
      return location.assign(addAddress(draft));
    }
    await this.park();
    await this.#restore(draft);
    await this.draw();
  }

  /** @param {Draft} draft */
  async #restore(draft) {
    await this.drafts.restore(draft);
    this.explain(draft.told);
    const discard = button(say("discard"), async () => {
      await this.drafts.drop();
      this.wishes.discarded(draft);
      this.wishes.empty();
      this.quiet();
    });
    this.note.replaceChildren(element("span", say("restored", { at: clock(draft.at) })), discard);
  }
}

/** The address of the form for a new update in the same live blog. @param {Draft} draft */
const addAddress = ({ event }) => `../../add/?event=${encodeURIComponent(event)}`;
