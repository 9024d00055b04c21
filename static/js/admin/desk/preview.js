import { asFormData, read } from "../composition.js";
import { post } from "../server_request.js";
import { clearRefusal, showRefusal } from "../refusals.js";
import { button, element, translate } from "../strings.js";

/** Show what readers will see, in a frame that runs no scripts.
 * @param {HTMLFormElement} form @param {HTMLButtonElement} pressed */
async function showPreview(form, pressed) {
  clearRefusal(form);
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const data = asFormData(read(form), { name: "_preview", value: "1" });
  const response = /** @type {any} */ (await post(pressed.formAction, data));
  if (response.html === undefined) {
    return showRefusal(form, { ...response, reason: response.reason || (response.state === "refused" ? "" : translate("no_line")) });
  }
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "", { class: "desk look", "aria-labelledby": "look-title" }));
  const frame = /** @type {HTMLIFrameElement} */ (
    element("iframe", "", { sandbox: "allow-same-origin", title: translate("preview"), tabindex: "0" })
  );
  frame.srcdoc = response.html; // the same origin lets its pictures load with our login; scripts stay off
  const head = element("div", "", { class: "look-head" });
  head.append(element("h2", translate("preview"), { id: "look-title" }), button(translate("close"), () => dialog.close()));
  dialog.append(head, frame);
  dialog.addEventListener("close", () => {
    dialog.remove();
    // Opened by key, the caret was in the text.
    (before?.isConnected && before !== document.body ? before : pressed).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Sets up the preview button of the form. */
export function setUpPreview() {
  document.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest("[data-look]"));
    if (!pressed?.form) return;
    event.preventDefault();
    void showPreview(pressed.form, pressed);
  });
}
