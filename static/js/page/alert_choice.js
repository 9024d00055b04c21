import { withStorage } from "./device_storage.js";

/** The address of the front page, below which the service worker opens pages. */
export function scope() {
  return document.getElementById("alerts")?.dataset.scope ?? "/";
}

/** Stands for the notifications of an open page, which have no endpoint. */
export const TAB = "tab";

/** The browser knows one subscription for the whole site, so this page stores which live blogs it is for. */
const KEY = `alerts:${location.pathname.slice(scope().length).split("/")[0]}`;

/** @param {string} endpoint */
export function isChosen(endpoint) {
  return withStorage((storage) => storage.getItem(KEY)) === endpoint;
}

/** @param {string} endpoint @param {boolean} on */
export function rememberChoice(endpoint, on) {
  withStorage((storage) => (on ? storage.setItem(KEY, endpoint) : storage.removeItem(KEY)));
}
