import { stringsLanguage } from "./strings.js";

/** Milliseconds after which “somebody is writing” disappears unless it is repeated: the connection may be cut, or the
 * event over. */
const WRITING_LASTS = 60_000;

/** @type {WeakMap<HTMLElement, number>} */
const timers = new WeakMap();

/** Shows how many people are reading, and whether somebody at the desk is writing. The page has these places only if
 * the event shows them, and they keep their height when empty.
 * @param {Live.Page} page @param {AbortSignal} signal */
export function showAudience({ root, strings, lastAudience }, signal) {
  const { readers = 0, writing = false } = lastAudience ?? {};
  const count = root.querySelector("[data-readers]");
  // Latin digits, as everywhere on the page.
  const number = readers.toLocaleString(`${stringsLanguage()}-u-nu-latn`);
  if (count) count.textContent = readers ? strings.plural("reading", readers, number) : "";

  const line = root.querySelector("[data-writing]");
  if (!line) return;
  const showWriting = (/** @type {boolean} */ isWriting) => (line.textContent = isWriting ? strings.get("writing") : "");
  clearTimeout(timers.get(root));
  showWriting(writing && !signal.aborted);
  if (writing) timers.set(root, setTimeout(() => showWriting(false), WRITING_LASTS));
}
