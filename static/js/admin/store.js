import { createStore, del, get, set, values } from "idb-keyval";

/*
 * What the desk stores on this device: drafts, unsent updates, and files that are not uploaded yet. Every record
 * belongs to a user and is deleted when that user logs out.
 */

/** @typedef {"drafts" | "outbox" | "files"} Kind */

/** @type {Kind[]} */
export const KINDS = ["drafts", "outbox", "files"];

/** @type {Partial<Record<Kind, ReturnType<typeof createStore>>>} */
const stores = {};
let closed = false;

/** After a logout in any tab nothing is stored until the person is logged in again. @param {boolean} value */
export const setStoreClosed = (value) => (closed = value);

export const isStoreClosed = () => closed;

/** Opens a database at first use; the caller handles a browser that forbids it. @param {Kind} kind */
const storeOf = (kind) => (stores[kind] ??= createStore(`desk-${kind}`, "records"));

/** @param {Kind} kind @param {{ id: string, user: string, [more: string]: unknown }} record */
export async function save(kind, record) {
  if (closed) throw new Error("Logged out");
  await set(record.id, record, storeOf(kind));
}

/** @param {Kind} kind @param {string} id */
export const remove = async (kind, id) => del(id, storeOf(kind));

/** @param {Kind} kind @param {string} id @returns {Promise<any>} */
export const load = async (kind, id) => get(id, storeOf(kind));

/** @param {Kind} kind @param {string} user @returns {Promise<any[]>} */
export async function loadAll(kind, user) {
  return (await values(storeOf(kind))).filter((record) => record.user === user);
}
