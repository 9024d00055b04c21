import { withStorage } from "./device_storage.js";

const KEY = "order";

/** Remembers on this device that the reader chose “newest” or “oldest” first. @param {string} order */
export function rememberOrder(order) {
  withStorage((storage) => storage.setItem(KEY, order));
}

/** Sends readers to the order that they chose when they open an address of an event that names no page and no order; for
 * oldest first and a live event to the last page, where new entries appear.
 * @param {HTMLElement} root @returns {boolean} whether this page is the one to show */
export function showsPreferredOrder({ dataset }) {
  const chosen = withStorage((storage) => storage.getItem(KEY));
  const isPlain = dataset.view !== "permalink" && !location.hash && !/[?&](page|order|filter)=/.test(location.search);
  if (!isPlain || !chosen || chosen === (dataset.order ?? "newest")) return true;
  location.replace(`?order=${chosen}${chosen === "oldest" && dataset.status === "live" ? "&page=last" : ""}`);
  return false;
}
