import { asText, titleOf } from "./composition.js";
import { button, clock, element, say } from "./strings.js";

/** @typedef {import("./outbox.js").Item} Item */

/**
 * @typedef {object} Wishes what the buttons of an update ask for
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

  /** @param {HTMLElement} list @param {Wishes} wishes */
  constructor(list, wishes) {
    this.list = list;
    this.wishes = wishes;
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
    this.#newest.innerHTML = html; // drawn and escaped by the server
    this.list.append(this.#newest);
  }

  /** @param {Item} item */
  #drawOne(item) {
    const known = this.#rows.get(item.id);
    const drawn = JSON.stringify([item.state, item.told?.reason, item.at, item.followsUp]);
    if (known?.drawn === drawn) return;
    const row = element("li", "", { "data-state": item.state, "data-item": item.id });
    const line = element("p");
    line.append(element("b", say(`state_${item.state}`, { at: clock(item.at) })), ` ${titleOf(item.composition)}`);
    row.append(line, ...reasons(item), this.#buttons(item));
    if (known) known.row.replaceWith(row);
    else this.list.prepend(row);
    this.#rows.set(item.id, { row, drawn });
  }

  /** @param {Item} item */
  #buttons(item) {
    const { edit, draft, send, retry, logIn } = this.wishes;
    const room = element("div", "", { class: "row-actions" });
    const copy = button(say("copy"), () => void copyText(asText(item.composition), copy));
    const away = [button(say("as_draft"), () => draft(item)), copy];
    if (item.state === "refused") room.append(button(say("edit_and_send"), () => edit(item)), ...away);
    else if (item.state === "ask") {
      room.append(button(say("send_now"), () => send(item)), button(say("edit"), () => edit(item)), ...away);
    } else if (item.state === "queued") room.append(button(say("try_now"), retry));
    else if (item.state === "login") room.append(button(say("log_in"), logIn));
    return room;
  }
}

/** @param {Item} item */
function reasons({ state, told }) {
  if (state !== "refused") return [];
  const known = told?.reason === "file_gone" ? say("file_gone") : told?.reason;
  const all = [known, ...Object.values(told?.errors ?? {}).flat()].filter(Boolean);
  return [element("p", all.join(" ") || say("errors"), { class: "reason", role: "alert" })];
}

/** @param {string} text @param {HTMLElement} pressed */
async function copyText(text, pressed) {
  try {
    await navigator.clipboard.writeText(text);
    pressed.textContent = say("copied");
  } catch {
    const area = /** @type {HTMLTextAreaElement} */ (element("textarea", text, { "aria-label": say("copy"), readonly: "" }));
    pressed.after(area); // the clipboard is not allowed: select the text, to be copied by hand
    area.select();
  }
}
