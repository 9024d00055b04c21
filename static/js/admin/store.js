import { createStore, del, get, promisifyRequest, set, setMany, values } from "idb-keyval";

/*
 * What the desk stores on this device: drafts, unsent updates, and files that are not uploaded yet. Every record
 * belongs to a user and is deleted when that user logs out.
 */

/** @typedef {"drafts" | "outbox" | "files"} Kind */

/** @typedef {{ at: number, number?: number }} Numbered without a number by an earlier version */

const NUMBER = "desk-number";

/** @type {Kind[]} */
export const KINDS = ["drafts", "outbox", "files"];

/** @type {Promise<Record<Kind, ReturnType<typeof createStore>>> | undefined} */
let opened;
let closed = false;

/** After a logout in any tab nothing is stored until the person is logged in again. @param {boolean} value */
export const setStoreClosed = (value) => (closed = value);

export const isStoreClosed = () => closed;

/** Open the databases at first use; the caller handles a browser that forbids it. @param {Kind} kind */
const storeOf = async (kind) => (await (opened ??= open()))[kind];

async function open() {
  const [drafts, outbox, files] = KINDS.map((kind) => createStore(`desk-${kind}`, "records"));
  await moveOldRecords({ drafts, outbox, files }).catch(() => undefined);
  return { drafts, outbox, files };
}

/** Move what version 0.1 stored: all kinds in one database, and some properties under other names.
 * @param {Record<Kind, ReturnType<typeof createStore>>} stores */
async function moveOldRecords(stores) {
  const request = indexedDB.open("desk");
  request.onupgradeneeded = () => request.transaction?.abort(); // there is no such database
  const database = await promisifyRequest(request);
  for (const kind of KINDS) {
    const records = await promisifyRequest(database.transaction(kind).objectStore(kind).getAll());
    const renamed = records.map(({ told, apart, ...record }) => ({ key: record.id, response: told, suffix: apart, ...record }));
    await setMany(renamed.map((record) => [record.id, record]), stores[kind]);
    // Emptied and not deleted: a tab of the old version may have it open, and would block that.
    await promisifyRequest(database.transaction(kind, "readwrite").objectStore(kind).clear());
  }
  database.close();
}

let memory = 0;

/** Numbers what this device stores in the order of saving, whatever its clock says; it may be put back meanwhile. */
export function nextNumber() {
  try {
    memory = Math.max(memory, Number(localStorage.getItem(NUMBER))) + 1;
    localStorage.setItem(NUMBER, String(memory));
  } catch {
    memory += 1; // not allowed: at least in the order of this page
  }
  return memory;
}

/** For sorting, the oldest first. @param {Numbered} one @param {Numbered} other */
export const inOrder = (one, other) => (one.number ?? 0) - (other.number ?? 0) || one.at - other.at;

/** @param {Kind} kind @param {{ id: string, user: string, [more: string]: unknown }} record */
export async function save(kind, record) {
  if (closed) throw new Error("Logged out");
  await set(record.id, record, await storeOf(kind));
}

/** @param {Kind} kind @param {string} id */
export const remove = async (kind, id) => del(id, await storeOf(kind));

/** @param {Kind} kind @param {string} id @returns {Promise<any>} */
export const load = async (kind, id) => get(id, await storeOf(kind));

/** @param {Kind} kind @param {string} user @returns {Promise<any[]>} */
export async function loadAll(kind, user) {
  return (await values(await storeOf(kind))).filter((record) => record.user === user);
}
