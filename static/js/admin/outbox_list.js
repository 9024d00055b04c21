import { parse } from "../html.js";
import { redraw } from "./redraw.js";
import { asText, titleOf } from "./composition.js";
import { button, clock, element, translate } from "./strings.js";

/** @typedef {import("./outbox.js").Item} Item */

/**
 * @typedef {object} Handlers the actions of the buttons
 * @property {(item: Item) => void} edit
 * @property {(item: Item) => void} draft
 * @property {(item: Item) => void} send
 * @property {() => void} retry
 * @property {() => void} logIn
 */

/** Draws the items of the outbox: their states, and what can be done about them. */
export class OutboxList {
  /** @type {Map<string, { row: HTMLElement, drawn: string }>} */
  #rows = new Map();
  /** @type {HTMLElement | undefined} */
  #newest;

  /** @param {HTMLElement} list @param {Handlers} handlers */
  constructor(list, handlers) {
    this.list = list;
    this.handlers = handlers;
  }

  /** @param {Item[]} items */
  draw(items) {
    const left = new Set(items.map((item) => item.id));
    for (const [id, { row }] of this.#rows) {
      if (left.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    for (const item of items) this.#drawOne(item);
  }

  /** Show the server's message about the last item sent. @param {string} html */
  drawSent(html) {
    this.#newest?.remove();
    this.#newest = element("li", "", { "data-state": "sent" });
    this.#newest.append(parse(html)); // drawn and escaped by the server
    this.list.append(this.#newest);
  }

  /** @param {Item} item */
  #drawOne(item) {
    const known = this.#rows.get(item.id);
    const drawn = JSON.stringify([item.state, item.response?.reason, item.at, item.followsUp, item.isUnstorable]);
    if (known?.drawn === drawn) return;
    if (!known) this.#forgetBefore();
    const row = known?.row ?? element("li", "", { "data-item": item.id });
    row.dataset.state = item.state;
    const line = element("p");
    line.append(element("b", translate(`state_${item.state}`, { at: clock(item.at) })), ` ${titleOf(item.composition)}`);
    redraw(row, line, ...reasons(item), this.#buttons(item));
    if (!known) this.list.prepend(row);
    this.#rows.set(item.id, { row, drawn });
  }

  /** Remove what was said about the update before: it would be taken for this one. */
  #forgetBefore() {
    this.#newest?.remove();
    for (const old of this.list.parentElement?.querySelectorAll("last-action, [data-message]") ?? []) old.remove();
  }

  /** @param {Item} item */
  #buttons(item) {
    const { edit, draft, send, retry, logIn } = this.handlers;
    const actions = element("div", "", { class: "row-actions" });
    const copy = button(translate("copy"), () => void copyText(asText(item.composition), copy));
    const others = [button(translate("as_draft"), () => draft(item)), copy];
    if (item.state === "refused") actions.append(button(translate("edit_and_send"), () => edit(item)), ...others);
    else if (item.state === "ask") {
      actions.append(button(translate("send_now"), () => send(item)), button(translate("edit"), () => edit(item)), ...others);
    } else if (item.state === "queued") actions.append(button(translate("try_now"), retry));
    else if (item.state === "login") actions.append(button(translate("log_in"), logIn));
    return actions;
  }
}

/** @param {Item} item */
function reasons({ state, response, isUnstorable }) {
  if (state === "queued" && isUnstorable) return [element("p", translate("keep_open"), { class: "reason" })];
  if (state !== "refused") return [];
  const known = response?.reason === "file_gone" ? translate("file_gone") : response?.reason;
  const all = [known, ...Object.values(response?.errors ?? {}).flat()].filter(Boolean);
  return [element("p", all.join(" ") || translate("errors"), { class: "reason", role: "alert" })];
}

/** @param {string} text @param {HTMLElement} pressedButton */
async function copyText(text, pressedButton) {
  try {
    await navigator.clipboard.writeText(text);
    pressedButton.textContent = translate("copied");
  } catch {
    const area = /** @type {HTMLTextAreaElement} */ (element("textarea", text, { "aria-label": translate("copy"), readonly: "" }));
    pressedButton.after(area); // the clipboard is not allowed: select the text, to be copied by hand
    area.select();
  }
}
