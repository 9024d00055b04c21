/* The desk as an app of a phone: installing it, and what was shared with it. */

const SHELF = "desk-share"; // of share_worker.js
const SENT = "desk share sent";

/** Fills the form with what the service worker has taken from another app. */
export class SharedThings extends HTMLElement {
  connectedCallback() {
    void this.#fill().catch(() => undefined); // without storage the form stays as the server filled it
    sessionStorage.removeItem(SENT);
    this.closest("form")?.addEventListener("submit", () => sessionStorage.setItem(SENT, "1"));
  }

  async #fill() {
    const shelf = await caches.open(SHELF);
    const words = await shelf.match(`${location.pathname}words`).then((stored) => stored?.json());
    const photo = await shelf.match(`${location.pathname}photo`);
    for (const [name, text] of Object.entries(words ?? {})) {
      const field = /** @type {HTMLInputElement | null} */ (this.querySelector(`[name=${name}]`));
      if (field && !field.value) field.value = text;
    }
    const input = /** @type {HTMLInputElement | null} */ (this.querySelector("input[type=file]"));
    if (!photo || !input || input.files?.length) return;
    const type = photo.headers.get("Content-Type") ?? "image/jpeg";
    const data = new DataTransfer();
    data.items.add(new File([await photo.blob()], decodeURIComponent(photo.headers.get("X-Name") ?? "photo.jpg"), { type }));
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true })); // shows it
  }
}

/** Deletes what was shared and is not a draft yet. Pages without HTTPS have no such storage. */
export async function forgetShares() {
  if ("caches" in window) await caches.delete(SHELF).catch(() => false);
}

/** Deletes what was shared once its form has led to another page of the desk. Without a connection it has led nowhere, and
 * is filled again on the way back. */
function forgetSent() {
  if (!sessionStorage.getItem(SENT) || document.querySelector("shared-things")) return;
  sessionStorage.removeItem(SENT);
  void forgetShares();
}

/** Takes shares where the desk is installed, and offers to install it where the browser lets pages do so. */
export function setUpApp() {
  const worker = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=manifest]"))?.dataset.worker;
  if (!worker || !("serviceWorker" in navigator)) return;
  forgetSent();
  const register = () => void navigator.serviceWorker.register(worker).catch(() => undefined); // then the server answers
  if (matchMedia("(display-mode: standalone)").matches) register();
  addEventListener("appinstalled", register);
  const offer = /** @type {HTMLElement | null} */ (document.querySelector("[data-install]"));
  addEventListener("beforeinstallprompt", (event) => {
    if (!offer) return;
    event.preventDefault();
    offer.hidden = false;
    offer.querySelector("button")?.addEventListener("click", () => /** @type {any} */ (event).prompt(), { once: true });
  });
}
