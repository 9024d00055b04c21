import { element } from "./strings.js";

/** Show beside the buttons what was saved, and where. @param {HTMLFormElement} form @param {string} text */
export function note(form, text) {
  const send = /** @type {HTMLElement} */ (form.querySelector(".send"));
  const line = send.querySelector("[data-saved]") ?? send.appendChild(element("span", "", { "data-saved": "", class: "quiet" }));
  line.textContent = text;
}
