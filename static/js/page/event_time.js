/** The time in the event's zone, with the date unless it is today.
 * @param {number} at @param {string | undefined} timeZone */
export function formatTime(at, timeZone, now = Date.now()) {
  const day = (/** @type {number} */ time) => {
    // Latin digits, as everywhere on the page.
    const lang = `${globalThis.document?.documentElement.lang || "en"}-u-nu-latn`;
    return new Date(time).toLocaleDateString(lang, { day: "numeric", month: "short", timeZone });
  };
  const clock = new Date(at).toLocaleTimeString("en-GB", { timeStyle: "short", timeZone });
  return day(at) === day(now) ? clock : `${day(at)}, ${clock}`;
}
