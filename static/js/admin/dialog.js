import { element } from "./strings.js";

/** Open a modal dialog with a heading; it is removed from the page when it closes.
 * @param {string} name of the CSS class @param {string} title @param {(Node | string)[]} content
 * @returns {HTMLDialogElement} */
export function openDialog(name, title, ...content) {
  const id = `${name}-title`;
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "", { class: `desk ${name}`, "aria-labelledby": id }));
  dialog.append(element("h2", title, { id }), ...content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
