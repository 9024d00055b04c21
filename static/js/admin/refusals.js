import { parse } from "../html.js";
import { element, translate } from "./strings.js";

/** @typedef {import("./server_request.js").ServerResponse} ServerResponse */

/** Show in the form why it was refused, where Django would show it: at the top, and at each field.
 * @param {HTMLFormElement} form
 * @param {ServerResponse} response */
export function showRefusal(form, response) {
  clearRefusal(form);
  for (const [name, value] of Object.entries(response.instead ?? {})) {
    const control = /** @type {HTMLInputElement | null} */ (controlNamed(form, name));
    if (control) control.value = String(value);
  }
  const note = element("div", "", { class: "errornote", role: "alert", tabindex: "-1", "data-errors": "", "data-from-script": "" });
  note.append(element("p", response.reason || translate("errors")));
  form.prepend(note);
  if (response.other) note.after(parse(response.other)); // drawn and cleaned by the server
  for (const [name, problems] of Object.entries(response.errors ?? {})) showProblems(form, name, problems);
  if (response.ways && response.receivedIn === performance.timeOrigin) replaceButtons(form, response.ways);
  if (response.go_live) offerToGoLive(form);
  note.focus();
}

/** @param {HTMLFormElement} form */
export function clearRefusal(form) {
  for (const shown of form.querySelectorAll(".errornote, .errorlist, [data-other]")) shown.remove();
  for (const field of form.querySelectorAll(".field.errors")) field.classList.remove("errors");
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const send = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-send][data-original]"));
  if (!send) return;
  [send.name, send.textContent] = (send.dataset.original ?? "").split("\n");
  delete send.dataset.original;
}

/** @param {HTMLFormElement} form @param {string} name @param {string[]} problems */
function showProblems(form, name, problems) {
  const control = controlNamed(form, name);
  const field = control?.closest(".field");
  if (!field) return form.querySelector("[data-from-script]")?.append(...problems.map((problem) => element("p", problem)));
  const list = element("ul", "", { class: "errorlist" });
  list.append(...problems.map((problem) => element("li", problem)));
  field.classList.add("errors");
  field.append(list);
  control?.setAttribute("aria-invalid", "true");
}

/** Replace the buttons, because rights or the state have changed since the page was drawn. A page that was drawn later
 * has its own.
 * @param {HTMLFormElement} form @param {string} buttons */
function replaceButtons(form, buttons) {
  form.querySelector(".send")?.replaceWith(parse(buttons)); // drawn and escaped by the server
}

/** @param {HTMLFormElement} form */
function offerToGoLive(form) {
  const send = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-send]"));
  if (!send) return;
  send.dataset.original = `${send.name}\n${send.textContent}`;
  send.name = "_go_live";
  send.textContent = translate("go_live");
}

/** @param {HTMLFormElement} form @param {string} name */
const controlNamed = (form, name) => form.querySelector(`[name="${CSS.escape(name)}"]`);
