import { wait } from "../live/backoff.js";

const TIMES = 40;
const PAUSE = 0.25; // seconds

/** Sends a receipt, without cookies, once the page shows the items of a frame. Sends nothing if it does not come to
 * show them.
 * @param {{root: HTMLElement, changes: string}} page @param {Live.Ops} frame @param {AbortSignal} signal */
export async function sendReceipt({ root, changes }, { items, ask }, signal) {
  for (let left = TIMES; !items.every((item) => isShown(root, item)); left--) {
    if (!left || !(await wait(PAUSE, signal))) return;
  }
  const request = { method: "POST", body: ask, keepalive: true, signal };
  await fetch(changes.replace(/changes$/, "seen"), { ...request, credentials: "omit" }).catch(() => {});
}

/** Whether no element on the page shows an older state of the item.
 * @param {HTMLElement} root @param {Live.Item} item */
function isShown(root, { id, op, seq, kind }) {
  if (kind === "publish" && !root.querySelector(`article[data-id="${id}"]`)) return false; // still behind the button
  const old = (/** @type {HTMLElement} */ { dataset }) => !dataset.seq || Number(dataset.seq) < seq;
  const places = op === "del" ? `[data-id="${id}"], [data-ref="${id}"]` : `article[data-id="${id}"]`;
  return ![...root.querySelectorAll(/** @type {"article"} */ (places))].some(old);
}
