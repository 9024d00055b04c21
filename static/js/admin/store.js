import { createStore, del, get, set, values } from "idb-keyval";

/*
 * What the desk keeps on this device: drafts, updates that wait to be sent, and files that are not uploaded yet.
 * Every record belongs to a user and goes when they log out.
 */

/** @typedef {"drafts" | "outbox" | "files"} Shelf */

/** @type {Shelf[]} */
export const SHELVES = ["drafts", "outbox", "files"];

/** @type {Partial<Record<Shelf, ReturnType<typeof createStore>>>} */
const opened = {};
let shut = false;

/** Once somebody has logged out, in whatever tab, nothing is kept until they are back. @param {boolean} is */
export const shutStore = (is) => (shut = is);

export const isShut = () => shut;

/** Opened when first used: a browser may forbid it, and that is the problem of whoever asks. @param {Shelf} shelf */
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
