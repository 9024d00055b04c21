import { forgetAll } from "./drafts.js";
import { ofUser } from "./store.js";
import { button, element, say } from "./strings.js";
import { tellTabs } from "./tabs.js";

/*
 * Logging out deletes what this device stores for a person: drafts, updates that are not sent, files. If something
 * would be lost, a dialog asks first.
 */

export function guardLogOut() {
  const user = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=desk-user]"))?.content;
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#logout-form"));
  form?.addEventListener("submit", (event) => {
    if (!user) return;
    event.preventDefault();
    void leave(form, user);
  });
}

/** @param {HTMLFormElement} form @param {string} user */
async function leave(form, user) {
  await allKept();
  const [drafts, unsent] = await Promise.all([ofUser("drafts", user), ofUser("outbox", user)]).catch(() => [[], []]);
  if ((drafts.length || unsent.length) && !(await confirmed(drafts.length, unsent.length))) return;
  window.dispatchEvent(new Event("desk:leaving"));
  tellTabs({ about: "leaving", user });
  await forgetAll(user);
  form.submit();
}

/** Save what was typed just now, so that it is counted. */
async function allKept() {
  /** @type {Promise<unknown>[]} */
  const waits = [];
  window.dispatchEvent(new CustomEvent("desk:keep", { detail: waits }));
  await Promise.all(waits);
}

/** @param {number} drafts @param {number} unsent @returns {Promise<boolean>} */
function confirmed(drafts, unsent) {
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "", { class: "desk leaving", "aria-labelledby": "leaving-title" }));
  const counts = [drafts && say("drafts", { count: drafts }), unsent && say("unsent", { count: unsent })].filter(Boolean);
  const actions = element("div", "", { class: "row-actions" });
  actions.append(button(say("stay"), () => dialog.close(), "btn go"), button(say("leave"), () => dialog.close("leave")));
  dialog.append(element("h2", say("leave_title"), { id: "leaving-title" }), element("p", `${say("leave_why")} ${counts.join(", ")}`), actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "leave");
    });
  });
}
