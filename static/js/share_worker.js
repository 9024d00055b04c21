/*
 * Takes what a phone shares with the desk, keeps it on the device and opens the page that asks where it belongs. It
 * answers this one request and caches no page. It is served below its own address, so it is no module.
 */
const shares = /** @type {any} */ (self);

const SHELF = "desk-share";
const LONGEST = 10_000; // characters of a text
const LARGEST = 25 * 2 ** 20; // bytes of a photo

shares.addEventListener("install", () => shares.skipWaiting());
shares.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(shares.clients.claim()));
shares.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, url } = event.request;
  if (method === "POST" && url === shares.registration.scope) event.respondWith(take(event.request));
});

/** @param {Request} request */
async function take(request) {
  const sent = await request.formData();
  const words = Object.fromEntries(["title", "text", "url"].map((name) => [name, String(sent.get(name) ?? "").slice(0, LONGEST)]));
  const photo = sent.get("photo");
  await caches.delete(SHELF);
  const shelf = await caches.open(SHELF);
  await shelf.put(`${request.url}words`, Response.json(words));
  if (photo instanceof File && photo.type.startsWith("image/") && photo.size > 0 && photo.size <= LARGEST) {
    await shelf.put(`${request.url}photo`, new Response(photo, { headers: { "X-Name": encodeURIComponent(photo.name) } }));
  }
  return Response.redirect(request.url, 303);
}
