import { parse } from "../html.js";
import { focusText } from "./editors.js";
import { element, translate } from "./strings.js";

/** @typedef {import("./server_request.js").ServerResponse} ServerResponse */

/** The buttons that were replaced until the refusal is cleared. @type {WeakMap<HTMLFormElement, Element>} */
const replacedButtons = new WeakMap();

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
  if (response.other) {
    const other = parse(response.other); // drawn and cleaned by the server
    other.querySelector("[data-take]")?.removeAttribute("hidden");
    note.after(other);
  }
  for (const [name, problems] of Object.entries(response.errors ?? {})) showProblems(form, name, problems);
  if (response.buttons && response.receivedIn === performance.timeOrigin) replaceButtons(form, response.buttons, Boolean(response.choice));
  if (response.go_live) offerToGoLive(form);
  focusProblem(form);
}

/** The reason of a refusal, or of a missing answer, as one text. @param {ServerResponse} response */
export function errorOf(response) {
  const all = [response.reason, ...Object.values(response.errors ?? {}).flat()].filter(Boolean);
  const unknown = { login: "login_ended", busy: "busy" }[String(response.state)];
  return all.join(" ") || translate(unknown ?? "no_line");
}

/** Put the caret into the first field that has to be changed, otherwise on the reason. @param {HTMLFormElement} form */
export function focusProblem(form) {
  const field = form.querySelector(".block:not(.empty-form) .errors, .errors:not(.block *)");
  const control = /** @type {HTMLElement | null} */ (field?.querySelector("input:not([type=hidden]), textarea, select") ?? null);
  const note = /** @type {HTMLElement | null} */ (form.querySelector("[data-errors]"));
  for (let outer = control?.closest("details"); outer; outer = outer.parentElement?.closest("details")) outer.open = true;
  const block = control?.closest(".prose-editor") && control.closest(".block");
  if (block) focusText(block);
  else (control ?? note)?.focus();
  (field ?? note)?.scrollIntoView({ block: "center" });
}

/** @param {HTMLFormElement} form */
export function clearRefusal(form) {
  for (const note of form.querySelectorAll(".errornote:not([data-line]), .errorlist, [data-other]")) note.remove();
  for (const field of form.querySelectorAll(".field.errors")) field.classList.remove("errors");
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const buttons = replacedButtons.get(form);
  if (buttons) form.querySelector(".send")?.replaceWith(buttons);
  replacedButtons.delete(form);
  const send = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-send][data-original]"));
  if (!send) return;
  [send.name, send.textContent] = (send.dataset.original ?? "").split("\n");
  delete send.dataset.original;
}

/** @param {HTMLFormElement} form @param {string} name @param {string[]} problems */
function showProblems(form, name, problems) {
  const control = controlNamed(form, name);
  const field = control?.closest(".field");
  if (!control || !field) return form.querySelector("[data-from-script]")?.append(...problems.map((problem) => element("p", problem)));
  const list = element("ul", "", { class: "errorlist", id: `${control.id || name}_errors` });
  list.append(...problems.map((problem) => element("li", problem)));
  field.classList.add("errors");
  field.append(list);
  control.setAttribute("aria-invalid", "true");
  const described = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== list.id);
  control.setAttribute("aria-describedby", [list.id, ...described].join(" "));
}

/** Replace the buttons, because rights or the state have changed since the page was drawn, or for a choice between two
 * versions: then `clearRefusal` brings them back. A page that was drawn later has its own.
 * @param {HTMLFormElement} form @param {string} buttons @param {boolean} isChoice */
function replaceButtons(form, buttons, isChoice) {
  const before = form.querySelector(".send");
  if (isChoice && before) replacedButtons.set(form, before);
  before?.replaceWith(parse(buttons)); // drawn and escaped by the server
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
