import { post } from "./desk_request.js";

/* The server's copy of the form, and its row under “Your drafts”. */

/** Hide the row of the draft that is in the form. @param {string} key */
export function hideOwnRow(key) {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-draft-key]"));
  for (const row of rows) row.hidden = row.dataset.draftKey !== "" && row.dataset.draftKey === key;
  const room = /** @type {HTMLElement | null} */ (document.querySelector(".my-drafts"));
  if (room) room.hidden = [...rows].every((row) => row.hidden);
}

/** Discard a draft on the server; offline it stays under “Your drafts”.
 * @param {string} key @param {string} address @param {string} user */
export async function discardAtTheDesk(key, address, user) {
  const data = new FormData();
  data.append("key", key);
  const told = await post(address, data, user);
  if (told.state === "sent") document.querySelector(`[data-draft-key="${key}"]`)?.remove();
}
