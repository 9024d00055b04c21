/*
 * What the desk keeps on this device: drafts, updates that wait to be sent, and files that are not uploaded yet.
 * Every record belongs to a user and goes when they log out.
 */

/** @typedef {"drafts" | "outbox" | "files"} Shelf */

/** @type {Shelf[]} */
export const SHELVES = ["drafts", "outbox", "files"];

/** @type {Promise<IDBDatabase> | undefined} */
let opened;
let shut = false;

/** Once somebody has logged out, in whatever tab, nothing is kept until they are back. @param {boolean} is */
export const shutStore = (is) => (shut = is);

export const isShut = () => shut;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("desk", 1);
    request.onupgradeneeded = () => {
      for (const shelf of SHELVES) request.result.createObjectStore(shelf, { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/**
 * @template T
 * @param {Shelf} shelf
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
async function on(shelf, mode, ask) {
  const transaction = (await open()).transaction(shelf, mode);
  const request = ask(transaction.objectStore(shelf));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** @param {Shelf} shelf @param {{ id: string, user: string, [more: string]: unknown }} record */
export async function keep(shelf, record) {
  if (shut) throw new Error("Logged out");
  await on(shelf, "readwrite", (store) => store.put(record));
}

/** @param {Shelf} shelf @param {string} id */
export const forget = (shelf, id) => on(shelf, "readwrite", (store) => store.delete(id));

/** @param {Shelf} shelf @param {string} id @returns {Promise<any>} */
export const find = (shelf, id) => on(shelf, "readonly", (store) => store.get(id));

/** @param {Shelf} shelf @param {string} user @returns {Promise<any[]>} */
export async function ofUser(shelf, user) {
  const all = await on(shelf, "readonly", (store) => store.getAll());
  return all.filter((record) => record.user === user);
}
