import { createStore, del, get, set, values } from "idb-keyval";

/*
 * What the desk stores on this device: drafts, unsent updates, and files that are not uploaded yet. Every record
 * belongs to a user and is deleted when that user logs out.
 */

/** @typedef {"drafts" | "outbox" | "files"} Shelf */

/** @type {Shelf[]} */
export const SHELVES = ["drafts", "outbox", "files"];

/** @type {Partial<Record<Shelf, ReturnType<typeof createStore>>>} */
const opened = {};
let shut = false;

/** After a logout in any tab nothing is stored until the person is logged in again. @param {boolean} is */
export const shutStore = (is) => (shut = is);

export const isShut = () => shut;

/** Opens a database at first use; the caller handles a browser that forbids it. @param {Shelf} shelf */
const on = (shelf) => (opened[shelf] ??= createStore(`desk-${shelf}`, "records"));

/** @param {Shelf} shelf @param {{ id: string, user: string, [more: string]: unknown }} record */
export async function keep(shelf, record) {
  if (shut) throw new Error("Logged out");
  await set(record.id, record, on(shelf));
}

/** @param {Shelf} shelf @param {string} id */
export const forget = async (shelf, id) => del(id, on(shelf));

/** @param {Shelf} shelf @param {string} id @returns {Promise<any>} */
export const find = async (shelf, id) => get(id, on(shelf));

/** @param {Shelf} shelf @param {string} user @returns {Promise<any[]>} */
export async function ofUser(shelf, user) {
  return (await values(on(shelf))).filter((record) => record.user === user);
}
