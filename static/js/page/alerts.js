import { serviceWorker } from "../html.js";
import { isChosen, rememberChoice, scope, TAB } from "./alert_choice.js";

/** Explains alerts, and turns those of the live blog on in this browser after a click. Without a push service they are
 * notifications of the open page.
 * @param {Live.Page} page @param {HTMLElement} button @param {AbortSignal} signal */
export async function showAlerts(page, button, signal) {
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
    const isTab = dialog.dataset.state?.startsWith("tab");
    const turned = isTab ? turnTab(page, action === "on", signal) : action === "on" ? turnOn(key, address) : turnOff(address);
    show(dialog, await turned.catch(() => "failed"));
    pressed.removeAttribute("aria-disabled");
    if (pressed.hidden) /** @type {HTMLElement | null} */ (dialog.querySelector("button:not([hidden])"))?.focus();
  });
  dialog.showModal();
  page.pending.say("");
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
  const canPush = key && "serviceWorker" in navigator && "PushManager" in window;
  if (key && isApplePhone() && !canPush) return "home-screen";
  if (!("Notification" in window)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const { isOn, canNotify } = await import("./tab_alerts.js");
  if (isOn()) return "tab-on"; // also where there is a push service by now, so that they can be turned off
  if (!canPush) return canNotify() ? "tab-off" : "unsupported";
  const registration = await navigator.serviceWorker.getRegistration(scope());
  const subscription = await registration?.pushManager.getSubscription();
  return subscription && isChosen(subscription.endpoint) ? "on" : "off";
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
  rememberChoice(subscription.endpoint, true);
  return "on";
}

/** Turns the notifications of this open page on or off. @param {Live.Page} page @param {boolean} on @param {AbortSignal} signal */
async function turnTab(page, on, signal) {
  const { start, stop, isOn } = await import("./tab_alerts.js");
  if (on && (await Notification.requestPermission()) !== "granted")
    return Notification.permission === "denied" ? "denied" : "tab-off";
  rememberChoice(TAB, on);
  if (on) start(page, signal);
  else stop();
  return isOn() ? "tab-on" : "tab-off"; // off, too, if the live blog has ended meanwhile
}

/** Ends the alerts of this live blog; others keep the browser's subscription. @param {string} address */
async function turnOff(address) {
  const registration = await navigator.serviceWorker.getRegistration(scope());
  const subscription = await registration?.pushManager.getSubscription();
  if (!subscription) return "off";
  if (!(await send(address, { endpoint: subscription.endpoint, off: true }))) return "failed";
  rememberChoice(subscription.endpoint, false);
  return "off";
}

/** @param {string} address @param {object} values */
async function send(address, values) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values) };
  return (await fetch(address, options)).ok;
}
