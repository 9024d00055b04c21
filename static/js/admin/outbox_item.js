import { read } from "./composition.js";
import { nextNumber } from "./store.js";
import { newKey } from "./strings.js";

/** @typedef {import("./outbox.js").Item} Item */

/** What a form contains, as an item for the outbox. Changes of one entry share a key, so that the newest replaces those that wait.
 * @param {import("./drafts.js").Drafts} drafts @param {string} address @param {HTMLButtonElement} button @returns {Item} */
export function itemOf({ form, scope: { user, event, entry }, base }, address, { name, value }) {
  const composition = read(form);
  const key = entry ? `entry:${entry}` : composition.fields.key?.[0] || newKey();
  const id = [user, key, newKey()].join(":");
  return { id, key, user, event, entry, composition, base: entry ? base : undefined, address, button: { name, value }, at: Date.now(), number: nextNumber(), state: "sending" };
}
