import { redraw } from "./redraw.js";
import { button, clock, element, translate } from "./strings.js";
import { nextNumber, save } from "./store.js";

/** @typedef {import("./drafts.js").Draft} Draft */

/** The drafts on this device: the newest goes back into the form, the others are in a list. */
export class DraftList {
  /** @param {HTMLElement} host
   * @param {import("./drafts.js").Drafts} drafts
   * @param {(response: import("./server_request.js").ServerResponse | undefined) => void} explain
   * @param {{ discarded: (draft: Draft) => void, empty: () => void }} handlers called after a draft was discarded; `empty` if it was in the form */
  constructor(host, drafts, explain, handlers) {
    this.note = /** @type {HTMLElement} */ (host.querySelector("[data-restored]"));
    this.list = /** @type {HTMLElement} */ (host.querySelector("[data-parked]"));
    this.drafts = drafts;
    this.explain = explain;
    this.handlers = handlers;
  }

  /** When the page opens: put back what was being written here. */
  async open() {
    const drafts = await this.drafts.loadOthers({ waits: true });
    const { entry } = this.drafts.scope;
    const own = drafts.find((draft) => draft.entry === entry && !draft.parked);
    if (own && this.drafts.isPristine) await this.#restore(own);
    else await this.drafts.begin(own);
    await this.draw();
  }

  /** Move the content of the form to the list of drafts. */
  async park() {
    if (this.drafts.isPristine) return;
    await this.drafts.save({ parked: !this.drafts.scope.entry }); // the draft of a change stays with its entry
    await this.draw();
  }

  clearNote() {
    this.note.replaceChildren();
  }

  async draw() {
    const present = this.drafts.id;
    const others = (await this.drafts.loadOthers()).filter((draft) => draft.id !== present);
    redraw(this.list, ...others.map((draft) => this.#row(draft)));
    /** @type {HTMLElement} */ (this.list.parentElement).hidden = others.length === 0;
  }

  /** @param {Draft} draft */
  #row(draft) {
    const row = element("li");
    const name = draft.title || translate("untitled");
    const discard = button(translate("discard"), async () => {
      await this.drafts.drop(draft.id);
      this.handlers.discarded(draft);
      await this.draw();
    });
    discard.setAttribute("aria-label", `${translate("discard")}: ${name}`);
    const open = button(name, () => void this.#swap(draft), "link");
    row.append(open, element("span", clock(draft.at), { class: "quiet" }), discard);
    return row;
  }

  /** @param {Draft} draft */
  async #swap(draft) {
    if (draft.entry !== this.drafts.scope.entry) {
      await this.drafts.save();
      await save("drafts", { ...draft, parked: false, at: Date.now(), number: nextNumber() }); // the form there opens with the newest draft
      return location.assign(addAddress(draft));
    }
    await this.park();
    await this.#restore(draft);
    await this.draw();
  }

  /** @param {Draft} draft */
  async #restore(draft) {
    await this.drafts.restore(draft);
    this.explain(draft.response);
    const discard = button(translate("discard"), async () => {
      await this.drafts.drop();
      this.handlers.discarded(draft);
      this.handlers.empty();
      this.clearNote();
    });
    this.note.replaceChildren(element("span", translate("restored", { at: clock(draft.at) })), discard);
  }
}

/** The address of the form for a new update in the same live blog. @param {Draft} draft */
const addAddress = ({ event }) => `../../add/?event=${encodeURIComponent(event)}`;
