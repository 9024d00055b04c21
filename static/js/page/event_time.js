import { stringsLanguage } from "./strings.js";

/** A time in the event's zone. A browser that does not know the zone takes the offset that the server's clock had.
 * @param {number} at @param {{ timeZone?: string, now?: string }} dataset with `now` in the event's zone
 * @param {string} lang @param {Intl.DateTimeFormatOptions} options */
function zonedTime(at, { timeZone, now = "" }, lang, options) {
  try {
    return new Date(at).toLocaleString(lang, { ...options, timeZone });
  } catch {
    const offset = Date.parse(`${now.slice(0, 19)}Z`) - Date.parse(now) || 0;
    return new Date(at + offset).toLocaleString(lang, { ...options, timeZone: "UTC" });
  }
}

/** @param {number} at @param {{ timeZone?: string, now?: string }} dataset */
export const clockTime = (at, dataset) => zonedTime(at, dataset, "en-GB", { timeStyle: "short" });

/** The time in the event's zone, with the date unless it is today.
 * @param {number} at @param {{ timeZone?: string, now?: string }} dataset */
export function formatTime(at, dataset, now = Date.now()) {
  // Latin digits, as everywhere on the page.
  const lang = `${stringsLanguage()}-u-nu-latn`;
  const day = (/** @type {number} */ time) => zonedTime(time, dataset, lang, { day: "numeric", month: "short" });
  const clock = clockTime(at, dataset);
  return day(at) === day(now) ? clock : `${day(at)}, ${clock}`;
}
