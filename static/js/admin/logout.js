import { openDialog } from "./dialog.js";
import { deleteAll } from "./drafts.js";
import { pageUser } from "./server_request.js";
import { forgetShares } from "./shares.js";
import { loadAll } from "./store.js";
import { button, element, translate } from "./strings.js";
import { broadcast } from "./tabs.js";

/*
 * Logging out deletes what this device stores for a person: drafts, updates that are not sent, files. If something
 * would be lost, a dialog asks first.
 */

export function guardLogout() {
  const user = pageUser();
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#logout-form"));
  form?.addEventListener("submit", (event) => {
    if (!user) return;
    event.preventDefault();
    void logOut(form, user);
  });
}

/** @param {HTMLFormElement} form @param {string} user */
async function logOut(form, user) {
  await saveAll();
  const [drafts, unsent] = await Promise.all([loadAll("drafts", user), loadAll("outbox", user)]).catch(() => [[], []]);
  if ((drafts.length || unsent.length) && !(await confirmLoss(drafts.length, unsent.length))) return;
  window.dispatchEvent(new Event("desk:leaving"));
  broadcast({ topic: "logout", user });
  await Promise.all([deleteAll(user), forgetShares()]);
  form.submit();
}

/** Save what was typed just now, so that it is counted. */
async function saveAll() {
  /** @type {Promise<unknown>[]} */
  const saves = [];
  window.dispatchEvent(new CustomEvent("desk:keep", { detail: saves }));
  await Promise.all(saves);
}

/** @param {number} drafts @param {number} unsent @returns {Promise<boolean>} */
function confirmLoss(drafts, unsent) {
  const counts = [drafts && translate("drafts", { count: drafts }), unsent && translate("unsent", { count: unsent })].filter(Boolean);
  const actions = element("div", "", { class: "row-actions" });
  actions.append(button(translate("stay"), () => dialog.close(), "btn go"), button(translate("leave"), () => dialog.close("leave")));
  const why = element("p", `${translate("leave_why")} ${counts.join(", ")}`);
  const dialog = openDialog("leaving", translate("leave_title"), why, actions);
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "leave")));
}
