/** Times in the zone of the reader, in place of the event's. */

/** @param {Date} at @param {string} lang @param {string} [timeZone] */
export function dayWords(at, lang, timeZone, now = new Date()) {
  const year = (/** @type {Date} */ date) => date.toLocaleDateString("en", { year: "numeric", timeZone });
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { day: "numeric", month: "long", timeZone };
  if (year(at) !== year(now)) options.year = "numeric";
  return at.toLocaleDateString(`${lang}-u-nu-latn`, options);
}

/** The day as 2031-03-13. @param {Date} at @param {string} [timeZone] */
export const dayKey = (at, timeZone) => at.toLocaleDateString("sv", { timeZone });

/** The words of a time of the event, such as “14:34”, “14:34 CET” or “13 March, 14:34”, for the reader. The day is
 * added where it is another, unless it stands beside the time.
 * @param {string} words @param {string} iso with the offset of the event's zone @param {string} lang
 * @param {{ dayBeside?: boolean, timeZone?: string, now?: Date }} [options] */
export function ownWords(words, iso, lang, { dayBeside = false, timeZone, now } = {}) {
  const clock = words.match(/\d\d:\d\d/);
  if (!clock) return words;
  const at = new Date(iso);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  const hasDay = !!words.slice(0, clock.index).trim();
  const isOtherDay = dayKey(at, timeZone) !== iso.slice(0, 10);
  const day = !dayBeside && (hasDay || isOtherDay) ? `${dayWords(at, lang, timeZone, now)}, ` : "";
  const hasZone = !!words.slice((clock.index ?? 0) + 5).trim();
  return `${day}${time}${hasZone ? ` ${zoneName(at, timeZone)}` : ""}`;
}

/** @param {Date} at @param {string} [timeZone] */
export function zoneName(at, timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "short" }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
