import { post } from "./desk_request.js";

/*
 * The copy at the desk of what is in the form, and its row under “Your drafts”.
 */

/** The draft that is in the form already needs no row to be opened from. @param {string} key */
export function hideOwnRow(key) {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-draft-key]"));
  for (const row of rows) row.hidden = row.dataset.draftKey !== "" && row.dataset.draftKey === key;
  const room = /** @type {HTMLElement | null} */ (document.querySelector(".my-drafts"));
  if (room) room.hidden = [...rows].every((row) => row.hidden);
}

/** Without a line it stays under “Your drafts”. @param {string} key @param {string} address @param {string} user */
export async function discardAtTheDesk(key, address, user) {
  const data = new FormData();
  data.append("key", key);
  const told = await post(address, data, user);
  if (told.state === "sent") document.querySelector(`[data-draft-key="${key}"]`)?.remove();
}
