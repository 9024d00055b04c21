import { ask, renewToken } from "./server_request.js";
import { shutStore } from "./store.js";
import { button, element, say } from "./strings.js";

/*
 * Logs in again without leaving the page: shows the login page's own form in a dialog, so that a second factor works
 * too.
 */

/** @type {Promise<boolean> | undefined} */
let asking;
let declined = false;

/** Ask for a login at the person's wish. Callers that need one at the same time share one dialog.
 * @param {{ session: string, login: string, user: string }} desk
 * @returns {Promise<boolean>} whether the same person is logged in again */
export function logInAgain(desk) {
  asking ??= isBack(desk)
    .then(async (back) => back || ((await show(desk)) && welcome()))
    .then((back) => ((declined = !back), back))
    .finally(() => (asking = undefined));
  return asking;
}

/** Ask for a login on behalf of background work, unless the person has declined with “Not now”.
 * @param {{ session: string, login: string, user: string }} desk @returns {Promise<boolean>} */
export const logInUnlessDeclined = (desk) => (declined && !asking ? isBack(desk) : logInAgain(desk));

/** Whether the person has declined to log in, and is not logged in by another tab.
 * @param {{ session: string, user: string }} desk */
export const staysAway = async (desk) => declined && !asking && !(await isBack(desk));

function welcome() {
  declined = false;
  shutStore(false);
  window.dispatchEvent(new Event("desk:back"));
  return true;
}

export const isAsking = () => asking !== undefined;

/** Whether the person is logged in again by another tab. @param {{ session: string, user: string }} desk */
export async function isBack(desk) {
  const session = await ask(desk.session);
  if (session.token) renewToken(session.token);
  return Boolean(session.token) && session.user === desk.user && welcome();
}

/** @param {{ session: string, login: string, user: string }} desk @returns {Promise<boolean>} */
function show(desk) {
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "", { class: "desk relogin", "aria-labelledby": "relogin-title" }));
  const room = element("div");
  const problem = element("p", "", { class: "errornote", role: "alert", hidden: "" });
  const later = button(say("not_now"), () => dialog.close());
  dialog.append(element("h2", say("login_ended"), { id: "relogin-title" }), element("p", say("login_why")), problem, room, later);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let done = false;
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
    const said = (/** @type {string} */ text) => {
      problem.textContent = text;
      problem.hidden = text === "";
    };
    const draw = (/** @type {HTMLFormElement} */ form) => {
      room.replaceChildren(form);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const outcome = await submit(form, desk);
        done = outcome.done;
        if (done) dialog.close();
        else {
          said(outcome.problem);
          if (outcome.form) draw(outcome.form);
          else form.reset(); // perhaps somebody else's password
        }
      });
      /** @type {HTMLElement | null} */ (form.querySelector("input:not([type=hidden])"))?.focus();
    };
    load(desk.login).then((page) => (page ? draw(page.form) : said(say("no_line"))));
  });
}

/** @param {HTMLFormElement} form
 * @param {{ session: string, login: string, user: string }} desk
 * @returns {Promise<{ done: boolean, problem: string, form?: HTMLFormElement }>} */
async function submit(form, desk) {
  const page = await load(desk.login, { method: "POST", body: new FormData(form) });
  const session = await ask(desk.session);
  if (session.token) {
    renewToken(session.token);
    return session.user === desk.user ? { done: true, problem: "" } : { done: false, problem: say("stranger") };
  }
  return { done: false, problem: page?.problem || say("no_line"), form: page?.form };
}

/** Fetch the login page; return its form and its error. @param {string} address @param {RequestInit} [options] */
async function load(address, options = {}) {
  try {
    const answer = await fetch(address, options);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = /** @type {HTMLFormElement | null} */ (page.querySelector("#login-form"));
    const problem = page.querySelector(".errornote")?.textContent?.trim() ?? "";
    return form && { form: document.importNode(form, true), problem };
  } catch {
    return null;
  }
}
