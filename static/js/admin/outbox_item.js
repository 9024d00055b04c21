import { read } from "./composition.js";
import { PAGE } from "./open_pages.js";
import { nextNumber } from "./store.js";
import { newKey } from "./strings.js";

/** @typedef {import("./server_request.js").ServerResponse} ServerResponse */
/** @typedef {import("./composition.js").Composition} Composition @typedef {"sending" | "queued" | "ask" | "login" | "photo" | "refused"} ItemState */

/**
 * @typedef {object} Item
 * @property {string} id its own, under which it is stored on the device
 * @property {string} key of the update; sending a form twice gives the same key
 * @property {string} [page] that sends it while it is open; unknown of earlier versions
 * @property {string} user
 * @property {string} event
 * @property {string} entry of a change; "" for a new update
 * @property {string} address
 * @property {import("./composition.js").Pressed} button
 * @property {Composition} composition
 * @property {Composition} [base] of a change: what stood there before it
 * @property {number} at when it was queued or last confirmed
 * @property {number} [number] see `nextNumber`
 * @property {ItemState} state
 * @property {boolean} [followsUp] whether the text is published and the photos follow
 * @property {boolean} [waited] whether it could not be sent at once
 * @property {boolean} [isStored] whether it is stored on the device
 * @property {boolean} [isUnstorable] whether this browser does not store anything
 * @property {ServerResponse} [response] the refusal
 */

/** What a form contains, as an item for the outbox. Changes of one entry share a key, so that the newest replaces those that wait.
 * @param {import("./drafts.js").Drafts} drafts @param {string} address @param {HTMLButtonElement} button @returns {Item} */
export function itemOf({ form, scope: { user, event, entry }, base }, address, { name, value }) {
  const composition = read(form);
  const key = entry ? `entry:${entry}` : composition.fields.key?.[0] || newKey();
  const id = [user, key, newKey()].join(":");
  return { id, key, page: PAGE, user, event, entry, composition, base: entry ? base : undefined, address, button: { name, value }, at: Date.now(), number: nextNumber(), state: "sending" };
}
