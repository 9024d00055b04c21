const EVENTS = ["visibilitychange", "pagehide", "pageshow", "freeze", "resume", "offline", "online"];

/** Watches whether the page is visible, frozen, in the back/forward cache, and online. A page that has been hidden for
 * a while sleeps: it has no socket, no request and no timer. */
export class PageVisibility {
  #asleep = false;
  #timer = 0;

  /** @param {number} hiddenClose seconds @param {Live.VisibilityListener} listener */
  constructor(hiddenClose, listener) {
    this.hiddenClose = hiddenClose;
    this.listener = listener;
  }

  connect() {
    for (const type of EVENTS) addEventListener(type, this, true);
    if (document.hidden) this.#sleepLater();
  }

  disconnect() {
    for (const type of EVENTS) removeEventListener(type, this, true);
    clearTimeout(this.#timer);
  }

  /** @param {Event} event */
  handleEvent({ type }) {
    if (type === "offline") this.listener.halt("offline");
    else if (type === "online") this.listener.resume("offline");
    else if (type === "pagehide" || type === "freeze") this.#sleep();
    else if (!document.hidden) this.#wake();
    else if (type === "visibilitychange") this.#sleepLater();
  }

  #sleepLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sleep(), 1000 * this.hiddenClose);
  }

  #sleep() {
    clearTimeout(this.#timer);
    this.#asleep = true;
    this.listener.halt("asleep");
  }

  #wake() {
    clearTimeout(this.#timer);
    if (navigator.onLine) this.listener.resume("offline"); // a sleeping page may have missed the “online” event
    if (this.#asleep) this.listener.resume("asleep");
    this.#asleep = false;
    this.listener.seen();
  }
}
