import { clockTime } from "../page/event_time.js";

/* The texts of the desk's scripts in the language of the page; the server writes them into it as JSON. */

/** @type {Record<string, string> | undefined} */
let sentences;

/** @param {string} name @param {Record<string, string | number>} [values] for the {places} in the sentence */
export function translate(name, values = {}) {
  sentences ??= JSON.parse(document.getElementById("desk-strings")?.textContent ?? "{}");
  return (sentences?.[name] ?? name).replace(/\{(\w+)\}/g, (_all, place) => String(values[place] ?? ""));
}

/** The time of day in the live blog's zone, as in the timeline. @param {number} at */
export function clock(at) {
  const { zone, now } = /** @type {HTMLElement | null} */ (document.querySelector("[data-zone]"))?.dataset ?? {};
  return clockTime(at, { timeZone: zone, now });
}

/** An element with text; text from people never becomes markup.
 * @param {string} tag
 * @param {string} [text]
 * @param {Record<string, string>} [attributes] */
export function element(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** @param {string} text @param {() => unknown} press @param {string} [kind] */
export function button(text, press, kind = "btn") {
  const made = element("button", text, { type: "button", class: kind });
  made.addEventListener("click", press);
  return made;
}

/** 32 random hexadecimal digits: the idempotency key of a request. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
