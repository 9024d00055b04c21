import { ask, post } from "./server_request.js";
import { translate } from "./strings.js";

const TYPED = 700; // ms after the last key before a link is looked up
const EVERY = 1000; // ms between two questions for the result
const MOST = 20; // questions

/** @type {WeakMap<HTMLInputElement, number>} */
const timers = new WeakMap();

/** @type {WeakMap<HTMLInputElement, { url: string, title: string, picture: string }>} what was filled in, and for which address */
const results = new WeakMap();

/** Has the server fetch title and picture of the page that a link leads to, and fills the empty fields of its block. The
 * form can be sent meanwhile. Call after each change of the address, also when it has become that of another embed.
 * @param {HTMLInputElement} input of the address @param {ReturnType<typeof import("./embed_recognition.js").recognise>} embed */
export function lookUpLink(input, embed) {
  clearTimeout(timers.get(input));
  withdraw(input);
  if (embed?.kind !== "link") return;
  const safety = /** @type {HTMLElement | null | undefined} */ (input.closest("entry-composer")?.querySelector("entry-safety[data-links]"));
  if (safety) timers.set(input, Number(setTimeout(() => void fill(input, safety.dataset.links ?? ""), TYPED)));
}

/** @param {HTMLInputElement} input @param {string} address of the lookups */
async function fill(input, address) {
  const url = input.value.trim();
  const isWanted = () => input.isConnected && input.value.trim() === url;
  const data = new FormData();
  data.append("url", url);
  let lookup = /** @type {any} */ (await post(address, data));
  for (let count = 0; lookup.state === "waiting" && count < MOST && isWanted(); count++) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    const answer = await ask(`${address}?id=${lookup.id}`);
    if (answer.state !== "offline" && answer.state !== "busy") lookup = answer;
  }
  if (lookup.state === "found" && isWanted()) show(input, lookup);
}

/** @param {HTMLInputElement} input @param {{ title: string, picture: import("./upload.js").Picture | null }} found */
function show(input, { title, picture }) {
  const { block, field, poster } = partsOf(input);
  const isUntitled = Boolean(title && field && !field.value.trim());
  const isUnpictured = Boolean(picture && poster && !poster.matches("[data-upload-key]") && !poster.querySelector("[data-preview]"));
  results.set(input, { url: input.value.trim(), title: isUntitled ? title : "", picture: (isUnpictured && picture?.id) || "" });
  if (field && isUntitled) setTitle(field, title);
  if (picture && isUnpictured) poster?.set(picture);
  const line = block.querySelector("[data-becomes]");
  if (line && (isUntitled || isUnpictured)) line.textContent = translate("link_found");
}

/** Empty the fields that still have what was filled in for another address. @param {HTMLInputElement} input */
function withdraw(input) {
  const result = results.get(input);
  if (!result || result.url === input.value.trim()) return;
  results.delete(input);
  const { field, poster } = partsOf(input);
  if (field && result.title && field.value === result.title) setTitle(field, "");
  if (result.picture) poster?.withdraw(result.picture);
}

/** @param {HTMLInputElement} input */
function partsOf(input) {
  const block = /** @type {HTMLElement} */ (input.closest(".block"));
  const field = /** @type {HTMLInputElement | null} */ (block.querySelector('[name$="-title"]'));
  const poster = /** @type {import("./picture_input.js").PictureInput | null} */ (block.querySelector("picture-input"));
  return { block, field, poster };
}

/** @param {HTMLInputElement} field @param {string} title */
function setTitle(field, title) {
  field.value = title;
  field.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
}
