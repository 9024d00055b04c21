import { serviceWorker } from "../html.js";

/** Explains alerts, and subscribes this browser to those of the live blog after a click.
 * @param {Live.Page} page @param {HTMLElement} button */
export async function showAlerts(page, button) {
  if (document.querySelector("dialog.alerts")) return; // pressed twice
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("alerts"));
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const dialog = /** @type {HTMLDialogElement} */ (copy.firstElementChild);
  const { key = "", address = "" } = template.dataset;
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    button.focus();
  });
  show(dialog, await stateOf(key).catch(() => "unsupported")); // refused where cookies are blocked
  dialog.addEventListener("click", async ({ target }) => {
    const action = /** @type {HTMLElement} */ (target).dataset.do;
    if (action === "close") return dialog.close();
    const pressed = /** @type {HTMLButtonElement} */ (target);
    if (!action || pressed.ariaDisabled) return;
    pressed.setAttribute("aria-disabled", "true");
    show(dialog, await (action === "on" ? turnOn(key, address) : turnOff(address)).catch(() => "failed"));
    pressed.removeAttribute("aria-disabled");
    if (pressed.hidden) /** @type {HTMLElement | null} */ (dialog.querySelector("button:not([hidden])"))?.focus();
  });
  dialog.showModal();
  page.pending.say("");
}

/** The address of the front page, below which the service worker opens pages. */
function scope() {
  return document.getElementById("alerts")?.dataset.scope ?? "/";
}

/** Shows the part of the dialog for a state. @param {HTMLElement} dialog @param {string} state */
function show(dialog, state) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("[data-for]")))
    part.hidden = !part.dataset.for?.split(" ").includes(state);
  dialog.dataset.state = state;
}

/** Returns which part of the dialog applies. iPhones offer alerts only to sites on their home screen.
 * @param {string} key @returns {Promise<string>} */
async function stateOf(key) {
  if (!key || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window))
    return isApplePhone() ? "home-screen" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  const registration = await navigator.serviceWorker.getRegistration(scope());
  const subscription = await registration?.pushManager.getSubscription();
  return subscription && isKnown(subscription.endpoint) ? "on" : "off";
}

function isApplePhone() {
  return /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.userAgent.includes("Mac") && navigator.maxTouchPoints > 1);
}

/** Asks for permission and subscribes. @param {string} key @param {string} address */
async function turnOn(key, address) {
  if ((await Notification.requestPermission()) !== "granted")
    return Notification.permission === "denied" ? "denied" : "off";
  await navigator.serviceWorker.register(serviceWorker(), { scope: scope() });
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const subscription = await pushManager.subscribe(options).catch(async () => {
    await (await pushManager.getSubscription())?.unsubscribe(); // it was made with an earlier key
    return pushManager.subscribe(options);
  });
  if (!(await send(address, subscription.toJSON()))) return "failed";
  remember(subscription.endpoint, true);
  return "on";
}

/** Ends the alerts of this live blog; others keep the browser's subscription. @param {string} address */
async function turnOff(address) {
  const registration = await navigator.serviceWorker.getRegistration(scope());
  const subscription = await registration?.pushManager.getSubscription();
  if (!subscription) return "off";
  if (!(await send(address, { endpoint: subscription.endpoint, off: true }))) return "failed";
  remember(subscription.endpoint, false);
  return "off";
}

/** @param {string} address @param {object} values */
async function send(address, values) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values) };
  return (await fetch(address, options)).ok;
}

/** The browser knows one subscription for the whole site, so this page stores which live blogs it is for. */
const KEY = `alerts:${location.pathname.slice(scope().length).split("/")[0]}`;

/** @param {string} endpoint */
function isKnown(endpoint) {
  try {
    return localStorage.getItem(KEY) === endpoint;
  } catch {
    return false; // storage is blocked
  }
}

/** @param {string} endpoint @param {boolean} on */
function remember(endpoint, on) {
  try {
    if (on) localStorage.setItem(KEY, endpoint);
    else localStorage.removeItem(KEY);
  } catch {
    // storage is blocked
  }
}
