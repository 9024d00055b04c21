import { element } from "./strings.js";

/** What is said beside the buttons of what is kept, and where. @param {HTMLFormElement} form @param {string} text */
export function note(form, text) {
  const send = /** @type {HTMLElement} */ (form.querySelector(".send"));
  const line = send.querySelector("[data-saved]") ?? send.appendChild(element("span", "", { "data-saved": "", class: "quiet" }));
  line.textContent = text;
}
