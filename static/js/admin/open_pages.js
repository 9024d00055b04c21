import { newKey } from "./strings.js";

/* The pages of the desk that are open in this browser. Each has a name, which it locks for as long as it is open. */

const LOCK = "desk-page:";

/** The name of this page. */
export const PAGE = newKey();

void navigator.locks?.request(LOCK + PAGE, () => new Promise(() => undefined)).catch(() => undefined);

/** The names of the open pages; nothing if the browser has no locks. */
export async function openPages() {
  if (!navigator.locks) return undefined;
  const { held = [] } = await navigator.locks.query();
  return new Set([PAGE, ...held.map(({ name = "" }) => name.replace(LOCK, ""))]);
}
