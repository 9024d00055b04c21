import { remembered } from "./memory.js";

const KEY = "order";

/** The reader asked for “newest” or “oldest” first; the device remembers. @param {string} order */
export function prefer(order) {
  remembered((storage) => storage.setItem(KEY, order));
}

/**
 * Whoever reads oldest first gets that order at the plain address of an event, too: of a live one its end, where news
 * comes in.
 *
 * @param {HTMLElement} root @returns {boolean} whether this page is the one to show
 */
export function keepsOrder({ dataset }) {
  const plain = dataset.view === "first" && !dataset.filter && !dataset.order && !location.hash;
  if (!plain || remembered((storage) => storage.getItem(KEY)) !== "oldest") return true;
  location.replace(`?order=oldest${dataset.status === "live" ? "&page=last" : ""}`);
  return false;
}
