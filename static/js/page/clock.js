const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How far the server's clock is ahead of this device's. What a cache kept was written long ago, and the server itself
 * keeps a page for a minute; so a server time behind ours is believed only of a page that came over the line in full,
 * and if it is far behind.
 *
 * @param {number} written @param {number} received @param {boolean} whole
 */
export function ahead(written, received, whole) {
  return written > received || (whole && received - written > 2 * MINUTE) ? written - received : 0;
}

/**
 * Whole units, rounded down, and nothing lies in the future.
 *
 * @param {number} passed milliseconds
 * @returns {[number, "minute" | "hour"] | null}
 */
export function age(passed) {
  if (passed >= DAY) return null;
  if (passed >= HOUR) return [Math.floor(passed / HOUR), "hour"];
  return [Math.max(0, Math.floor(passed / MINUTE)), "minute"];
}

/** @param {Live.Page} page @param {AbortSignal} signal */
export function start(page, signal) {
  if (signal.aborted) return;
  page.clock = new Clock(page.root, page.strings.get("now"));
  page.clock.connect();
}

/** “2 min ago” beside the time of every entry; one timer for all. */
export class Clock {
  /** @type {Intl.RelativeTimeFormat | undefined} */
  #format;
  #ahead;
  #minutes = 0;

  /** @param {HTMLElement} root @param {string} justNow */
  constructor(root, justNow) {
    this.root = root;
    this.justNow = justNow;
    const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const received = performance.timeOrigin + (page?.responseStart ?? 0);
    const whole = !!page && page.transferSize > page.encodedBodySize;
    this.#ahead = ahead(Date.parse(root.dataset.now ?? ""), received, whole);
  }

  /** The first words wait a moment: to make a formatter takes as long as all else that the page does when it opens. */
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
    const format = (this.#format ??= new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { style: "short" }));
    const now = Date.now() + this.#ahead;
    for (const link of this.root.querySelectorAll(".when a")) {
      const passed = age(now - Date.parse(link.querySelector("time")?.dateTime ?? ""));
      const place = link.querySelector("[data-relative]");
      const words = passed && (passed[0] ? format.format(-passed[0], passed[1]) : this.justNow);
      if (!words) place?.remove();
      else if (!place) link.append(relative(words));
      else if (place.textContent !== words) place.textContent = words;
    }
  }
}

/** @param {string} words */
function relative(words) {
  const place = document.createElement("span");
  place.dataset.relative = "";
  place.textContent = words;
  return place;
}
