/*
 * Shows alerts and opens their updates, nothing else: it caches no page and answers no request.
 * It is served beside the front page, so it is no module.
 */
const worker = /** @type {any} */ (self);
const { scope } = worker.registration; // the address of the front page

worker.addEventListener("push", (/** @type {any} */ event) => {
  let alert = { title: "", body: "", url: "", tag: "", lang: "" };
  try {
    alert = { ...alert, ...event.data.json() };
  } catch {
    // A browser that has received a push must show something, so it shows the name of the site.
  }
  const { title, body, tag, lang, url } = alert;
  event.waitUntil(
    worker.registration.showNotification(title || worker.location.hostname, {
      body, tag, lang, renotify: Boolean(tag), data: { url }, icon: `${scope}static/img/icon.svg`,
    }),
  );
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.url ?? "", scope);
  if (target.href.startsWith(scope)) event.waitUntil(open(target.href));
});

/** Opens the update, in the tab that shows it already if there is one.
 * @param {string} href */
async function open(href) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = pages.find((/** @type {any} */ page) => page.url.split("#")[0] === href);
  return tab ? tab.focus() : worker.clients.openWindow(href);
}
