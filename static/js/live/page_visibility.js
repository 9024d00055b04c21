const EVENTS = ["visibilitychange", "pagehide", "pageshow", "freeze", "resume", "offline", "online"];

/** Watches whether the page is visible, frozen, in the back/forward cache, and online. A page that has been hidden for
 * a while sleeps: it has no socket, no request and no timer. */
export class Presence {
  #asleep = false;
  #timer = 0;

  /** @param {number} hiddenClose seconds @param {Live.Tenant} tenant */
  constructor(hiddenClose, tenant) {
    this.hiddenClose = hiddenClose;
    this.tenant = tenant;
  }

  connect() {
    for (const type of EVENTS) addEventListener(type, this, true);
    if (document.hidden) this.#drowse();
  }

  disconnect() {
    for (const type of EVENTS) removeEventListener(type, this, true);
    clearTimeout(this.#timer);
  }

  /** @param {Event} event */
  handleEvent({ type }) {
    if (type === "offline") this.tenant.halt("offline");
    else if (type === "online") this.tenant.resume("offline");
    else if (type === "pagehide" || type === "freeze") this.#sleep();
    else if (!document.hidden) this.#wake();
    else if (type === "visibilitychange") this.#drowse();
  }

  #drowse() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sleep(), 1000 * this.hiddenClose);
  }

  #sleep() {
    clearTimeout(this.#timer);
    this.#asleep = true;
    this.tenant.halt("asleep");
  }

  #wake() {
    clearTimeout(this.#timer);
    if (navigator.onLine) this.tenant.resume("offline"); // a sleeping page may have missed the “online” event
    if (this.#asleep) this.tenant.resume("asleep");
    this.#asleep = false;
    this.tenant.seen();
  }
}
