import { newKey } from "./strings.js";

/* The pages of the desk that are open in this browser. Each has a name, which it locks for as long as it is open. */

const LOCK = "desk-page:";

/** The name of this page. */
export const PAGE = newKey();

void navigator.locks?.request(LOCK + PAGE, () => new Promise(() => undefined)).catch(() => undefined);

/** @type {Set<string>} */
const watched = new Set();

/** The names of the open pages; nothing if the browser has no locks. Each other page is watched: a page that is being
 * closed releases its lock a moment later.
 * @param {() => void} onClosed */
export async function openPages(onClosed) {
  if (!navigator.locks) return undefined;
  const { held = [] } = await navigator.locks.query();
  const locks = held.filter(({ mode, name = "" }) => mode === "exclusive" && name.startsWith(LOCK));
  const pages = new Set([PAGE, ...locks.map(({ name = "" }) => name.slice(LOCK.length))]);
  for (const page of pages) if (page !== PAGE && !watched.has(page)) watch(page, onClosed);
  return pages;
}

/** @param {string} page @param {() => void} onClosed */
function watch(page, onClosed) {
  watched.add(page);
  void navigator.locks.request(LOCK + page, { mode: "shared" }, () => undefined).then(onClosed, () => undefined);
}
