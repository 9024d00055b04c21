import { withStorage } from "./device_storage.js";
import { dayKey, dayWords, ownWords } from "./own_time.js";
import { stringsLanguage } from "./strings.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DOT = " · ";
const TIMES = ".when a > time, [data-latest] b > time";

/** Times that the reader may have in their own zone. The others say the zone, and some of them the day in a sentence. */
const OWN = "time[datetime]:not([data-part=head] time, .watch time, .day-rule time)";
const DAY_BESIDE = ".when > a > time, .gone .when > time, .log time:not(.dated)";
const KEY = "clock";

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

/** The time until a start in its two largest units, rounded up to minutes; empty once it has come.
 * @param {number} left milliseconds @returns {[number, "day" | "hour" | "minute"][]} */
export function remaining(left) {
  const minutes = Math.max(0, Math.ceil(left / MINUTE)) || 0;
  /** @type {[number, "day" | "hour" | "minute"][]} */
  const units = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor(minutes / 60) % 24, "hour"],
    [minutes % 60, "minute"],
  ];
  const first = units.findIndex(([n]) => n);
  return first < 0 ? [] : units.slice(first, first + 2).filter(([n]) => n);
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

/** The first ages are written at once, in a task of their own: creating a formatter takes as long as everything else at
 * page load. They make room for themselves, so within another change, or while it glides, words would glide over them.
 * @param {Live.Page} page @param {AbortSignal} signal */
export async function start(page, signal) {
  await (page.anchor.isGliding ? page.anchor.standstill() : new Promise((resolve) => setTimeout(resolve)));
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
  /** What the server wrote, for times that are shown in the reader's zone. @type {WeakMap<Element, [string, string]>} */
  #written = new WeakMap();
  #ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  #eventZone;

  /** @param {Live.Page} page */
  constructor({ root, strings }) {
    const lang = stringsLanguage();
    this.root = root;
    this.strings = strings;
    this.#eventZone = root.dataset.timeZone;
    this.isElsewhere = !!elsewhere(root.dataset.now ?? "", lang);
    this.isOwn = this.isElsewhere && withStorage((storage) => storage.getItem(KEY)) === "own";
    this.lang = lang === "en" ? "en-GB" : lang; // as the server writes it: no full stop after “min”
    const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const received = performance.timeOrigin + (page?.responseStart ?? 0);
    const whole = !!page && page.transferSize > page.encodedBodySize;
    this.#ahead = ahead(Date.parse(root.dataset.now ?? ""), received, whole);
  }

  connect() {
    document.addEventListener("visibilitychange", this);
    this.handleEvent();
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

  /** Changes between the event's time and the reader's own, and remembers it on this device. */
  turn() {
    this.isOwn = !this.isOwn;
    withStorage((storage) => (this.isOwn ? storage.setItem(KEY, "own") : storage.removeItem(KEY)));
    this.write();
  }

  write() {
    this.#writeAges();
    this.#writeCountdown();
    this.#writeOwnTimes();
    this.#writeDays();
  }

  #writeOwnTimes() {
    const { root, isOwn } = this;
    const was = root.dataset.ownTime !== undefined;
    root.toggleAttribute("data-own-time", isOwn);
    root.dataset.timeZone = isOwn ? this.#ownZone : this.#eventZone;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-clocks]"))) {
      const words = isOwn ? this.strings.get("event_clock", button.dataset.clocks) : button.dataset.words ?? "";
      if (!this.isElsewhere || button.textContent === words) continue;
      button.textContent = words;
      button.removeAttribute("aria-label"); // the name of an empty button
    }
    if (!isOwn && !was) return;
    for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (root.querySelectorAll(OWN))) {
      const [written, own] = this.#written.get(time) ?? ["", ""];
      const text = time.textContent ?? "";
      const original = text === own ? written : text;
      const dayBeside = time.matches(DAY_BESIDE);
      const words = isOwn ? ownWords(original, time.dateTime, this.lang, { dayBeside }) : original;
      this.#written.set(time, [original, isOwn ? words : ""]);
      if (text !== words) time.textContent = words;
    }
  }

  /** Names the day of an entry where it is not today's, and in a list where it is not that of the row above. */
  #writeDays() {
    const timeZone = this.root.dataset.timeZone;
    const dayOf = (/** @type {HTMLTimeElement} */ time) => (this.isOwn ? dayKey(new Date(time.dateTime)) : time.dateTime.slice(0, 10));
    const today = this.isOwn ? dayKey(new Date()) : keyIn(timeZone, Date.now() + this.#ahead);
    for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (this.root.querySelectorAll(".when a > time, .gone .when time"))) {
      const day = time.parentElement?.querySelector(".day");
      if (!day) continue;
      if (this.isOwn || this.#written.has(time)) day.textContent = wordsOf(dayOf(time), this.lang);
      day.toggleAttribute("data-known", dayOf(time) === today);
    }
    this.#writeListDays(today, dayOf);
  }

  /** @param {string} today @param {(time: HTMLTimeElement) => string} dayOf */
  #writeListDays(today, dayOf) {
    let above = today;
    for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (this.root.querySelectorAll("[data-keys] .log time"))) {
      const day = dayOf(time);
      const place = time.previousElementSibling;
      if (day === above) place?.remove();
      else if (place) place.textContent = wordsOf(day, this.lang);
      else time.before(dayPlace(wordsOf(day, this.lang)));
      above = day;
    }
  }

  #writeAges() {
    const format = (this.#format ??= new Intl.RelativeTimeFormat(`${this.lang}-u-nu-latn`, { style: "short" }));
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

  #writeCountdown() {
    const place = this.root.querySelector("[data-countdown]");
    const start = Date.parse(this.root.querySelector(".start time")?.getAttribute("datetime") ?? "");
    const left = remaining(start - Date.now() - this.#ahead);
    const unit = (/** @type {[number, string]} */ [n, unit]) =>
      n.toLocaleString(`${this.lang}-u-nu-latn`, { style: "unit", unit, unitDisplay: "long" });
    const words = left.length ? this.strings.get("to_go", left.map(unit).join(" ")) : this.strings.get("starts_now");
    if (place && place.textContent !== words) place.textContent = words;
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

/** @param {string} words */
function dayPlace(words) {
  const place = document.createElement("span");
  place.className = "day";
  place.textContent = words;
  return place;
}

/** The words of a day that is given as 2031-03-13. @param {string} day @param {string} lang */
const wordsOf = (day, lang) => dayWords(new Date(`${day}T12:00Z`), lang, "UTC", new Date());

/** @param {string | undefined} timeZone @param {number} at */
function keyIn(timeZone, at) {
  try {
    return dayKey(new Date(at), timeZone);
  } catch {
    return dayKey(new Date(at)); // this browser does not know the event's zone
  }
}
