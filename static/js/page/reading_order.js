import { withStorage } from "./device_storage.js";

const KEY = "order";

/** Remembers on this device that the reader chose “newest” or “oldest” first. @param {string} order */
export function rememberOrder(order) {
  withStorage((storage) => storage.setItem(KEY, order));
}

/** Sends readers who chose oldest first to that order when they open the plain address of an event; for a live event to
 * the last page, where new entries appear.
 * @param {HTMLElement} root @returns {boolean} whether this page is the one to show */
export function showsPreferredOrder({ dataset }) {
  const plain = dataset.view === "first" && !dataset.filter && !dataset.order && !location.hash;
  if (!plain || withStorage((storage) => storage.getItem(KEY)) !== "oldest") return true;
  location.replace(`?order=oldest${dataset.status === "live" ? "&page=last" : ""}`);
  return false;
}
