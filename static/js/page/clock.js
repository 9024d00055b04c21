import { stringsLanguage } from "./strings.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DOT = " · ";
const TIMES = ".when a > time, [data-latest] b > time";

/** How far the server's clock is ahead of this device's. A cached page was written long ago, and the server itself
 * keeps a page for a minute, so an earlier server time is trusted only if the page came over the network in full, and
 * if the difference is large.
 * @param {number} written @param {number} received @param {boolean} whole */
export function ahead(written, received, whole) {
  return written > received || (whole && received - written > 2 * MINUTE) ? written - received : 0;
}

/** The age in whole units, rounded down, never negative; null from a day on.
 * @param {number} passed milliseconds
 * @returns {[number, "minute" | "hour"] | null} */
export function age(passed) {
  if (passed >= DAY) return null;
  if (passed >= HOUR) return [Math.floor(passed / HOUR), "hour"];
  return [Math.max(0, Math.floor(passed / MINUTE)), "minute"];
}

/** A time in the reader's own zone, or "" if the event's zone has the same offset.
 * @param {string} iso with the offset of the event's zone @param {string} lang */
export function elsewhere(iso, lang) {
  const at = new Date(iso);
  const [, sign, hours, minutes] = iso.match(/([+-])(\d\d):(\d\d)$/) ?? ["", "+", 0, 0];
  const offset = Number(`${sign}1`) * (60 * Number(hours) + Number(minutes));
  if (!iso || offset === -at.getTimezoneOffset()) return "";
  return at.toLocaleString(`${lang}-u-nu-latn`, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
}

/** @param {Live.Page} page @param {AbortSignal} signal */
export function start(page, signal) {
  if (signal.aborted) return;
  page.clock = new Clock(page);
  page.clock.connect();
}

/** Writes “2 min ago” beside the time of every entry and of the latest headline, and the reader's own time into
 * tooltips. One timer serves all. */
export class Clock {
  /** @type {Intl.RelativeTimeFormat | undefined} */
  #format;
  #ahead;
  #minutes = 0;

  /** @param {Live.Page} page */
  constructor({ root, strings }) {
    const lang = stringsLanguage();
    this.root = root;
    this.strings = strings;
    this.lang = lang === "en" ? "en-GB" : lang; // as the server writes it: no full stop after “min”
    const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const received = performance.timeOrigin + (page?.responseStart ?? 0);
    const whole = !!page && page.transferSize > page.encodedBodySize;
    this.#ahead = ahead(Date.parse(root.dataset.now ?? ""), received, whole);
  }

  /** The first write waits for the next task: creating a formatter takes as long as everything else at page load. */
  connect() {
    document.addEventListener("visibilitychange", this);
    this.#minutes = setTimeout(() => this.handleEvent());
  }

  disconnect() {
    document.removeEventListener("visibilitychange", this);
    clearInterval(this.#minutes);
  }

  handleEvent() {
    clearInterval(this.#minutes);
    if (document.hidden) return;
    this.write();
    this.#minutes = setInterval(() => this.write(), MINUTE);
  }

  write() {
    const format = (this.#format ??= new Intl.RelativeTimeFormat(this.lang, { style: "short" }));
    const now = Date.now() + this.#ahead;
    for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (this.root.querySelectorAll(TIMES))) {
      const passed = age(now - Date.parse(time.dateTime));
      const place = time.parentElement?.querySelector("[data-relative]");
      const ago = passed && (passed[0] ? format.format(-passed[0], passed[1]) : this.strings.get("now"));
      const words = ago && (time.closest("[data-latest]") ? DOT : "") + ago;
      if (!words) place?.remove();
      else if (!place) time.after(relative(words));
      else if (place.textContent !== words) place.textContent = words;
      time.title = this.#both(time.dateTime, time.title);
    }
    const zone = this.root.querySelector("[data-zone]");
    const start = this.root.querySelector(".start time")?.getAttribute("datetime");
    if (zone && start) zone.textContent = this.#both(start, zone.textContent ?? "");
  }

  /** @param {string} iso @param {string} words for it in the event's zone */
  #both(iso, words) {
    const theirs = words.includes(DOT) ? "" : elsewhere(iso, this.lang);
    return theirs ? words + DOT + this.strings.get("your_time", theirs) : words;
  }
}

/** @param {string} words */
function relative(words) {
  const place = document.createElement("span");
  place.dataset.relative = "";
  place.textContent = words;
  return place;
}
