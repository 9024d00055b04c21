import { asFormData, read } from "../composition.js";
import { post } from "../server_request.js";
import { clearRefusal, showRefusal } from "../refusals.js";
import { button, element, say } from "../strings.js";

/** Show what readers will see, in a frame that runs no scripts.
 * @param {HTMLFormElement} form @param {HTMLButtonElement} press */
export async function showPreview(form, press) {
  clearRefusal(form);
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const user = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=desk-user]"))?.content ?? "";
  const data = asFormData(read(form), { name: "_preview", value: "1" });
  const told = /** @type {any} */ (await post(press.formAction, data, user));
  if (told.html === undefined) {
    return showRefusal(form, { ...told, reason: told.reason || (told.state === "refused" ? "" : say("no_line")) });
  }
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "", { class: "desk look", "aria-labelledby": "look-title" }));
  const frame = /** @type {HTMLIFrameElement} */ (
    element("iframe", "", { sandbox: "allow-same-origin", title: say("preview"), tabindex: "0" })
  );
  frame.srcdoc = told.html; // the same origin lets its pictures load with our login; scripts stay off
  const head = element("div", "", { class: "look-head" });
  head.append(element("h2", say("preview"), { id: "look-title" }), button(say("close"), () => dialog.close()));
  dialog.append(head, frame);
  dialog.addEventListener("close", () => {
    dialog.remove();
    (before?.isConnected && before !== document.body ? before : press).focus(); // opened by key, the caret was in the text
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Sets up the preview button of the form. */
export function armPreview() {
  document.addEventListener("click", (event) => {
    const press = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest("[data-look]"));
    if (!press?.form) return;
    event.preventDefault();
    void showPreview(press.form, press);
  });
}
