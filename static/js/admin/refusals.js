import { element, say } from "./strings.js";

/** @typedef {import("./server_request.js").Told} Told */

/** Show in the form why it was refused, where Django would show it: at the top, and at each field.
 * @param {HTMLFormElement} form
 * @param {Told} told */
export function showRefusal(form, told) {
  clearRefusal(form);
  for (const [name, value] of Object.entries(told.instead ?? {})) {
    const control = /** @type {HTMLInputElement | null} */ (named(form, name));
    if (control) control.value = String(value);
  }
  const note = element("div", "", { class: "errornote", role: "alert", tabindex: "-1", "data-errors": "", "data-ours": "" });
  note.append(element("p", told.reason || say("errors")));
  form.prepend(note);
  if (told.other) {
    const other = document.createElement("template");
    other.innerHTML = told.other; // drawn and cleaned by the server
    note.after(other.content);
  }
  for (const [name, problems] of Object.entries(told.errors ?? {})) showProblems(form, name, problems);
  if (told.ways && (told.heardAt ?? 0) > performance.timeOrigin) offerOnly(form, told.ways);
  if (told.go_live) offerToGoLive(form);
  note.focus();
}

/** @param {HTMLFormElement} form */
export function clearRefusal(form) {
  for (const shown of form.querySelectorAll(".errornote, .errorlist, [data-other]")) shown.remove();
  for (const field of form.querySelectorAll(".field.errors")) field.classList.remove("errors");
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const send = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-send][data-was]"));
  if (!send) return;
  [send.name, send.textContent] = (send.dataset.was ?? "").split("\n");
  delete send.dataset.was;
}

/** @param {HTMLFormElement} form @param {string} name @param {string[]} problems */
function showProblems(form, name, problems) {
  const control = named(form, name);
  const field = control?.closest(".field");
  if (!field) return form.querySelector("[data-ours]")?.append(...problems.map((problem) => element("p", problem)));
  const list = element("ul", "", { class: "errorlist" });
  list.append(...problems.map((problem) => element("li", problem)));
  field.classList.add("errors");
  field.append(list);
  control?.setAttribute("aria-invalid", "true");
}

/** Replace the buttons, because rights or the state have changed since the page was drawn. A page that was drawn later
 * has its own.
 * @param {HTMLFormElement} form @param {string} ways */
function offerOnly(form, ways) {
  const template = document.createElement("template");
  template.innerHTML = ways; // drawn and escaped by the server
  form.querySelector(".send")?.replaceWith(template.content);
}

/** @param {HTMLFormElement} form */
function offerToGoLive(form) {
  const send = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-send]"));
  if (!send) return;
  send.dataset.was = `${send.name}\n${send.textContent}`;
  send.name = "_go_live";
  send.textContent = say("go_live");
}

/** @param {HTMLFormElement} form @param {string} name */
const named = (form, name) => form.querySelector(`[name="${CSS.escape(name)}"]`);
