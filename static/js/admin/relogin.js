import { ask, renewToken } from "./desk_request.js";
import { shutStore } from "./store.js";
import { button, element, say } from "./strings.js";

/*
 * Logging in again without leaving the page: the login page's own form, in a dialog. Whatever it asks for – a second
 * factor, say – is asked for here, too.
 */

/** @type {Promise<boolean> | undefined} */
let asking;
let declined = false;

/**
 * Ask for a login, as somebody wishes; all who need one at the same time wait for the same dialog.
 *
 * @param {{ session: string, login: string, user: string }} desk
 * @returns {Promise<boolean>} whether the same person is logged in again
 */
export function logInAgain(desk) {
  asking ??= isBack(desk)
    .then(async (back) => back || ((await show(desk)) && welcome()))
    .then((back) => ((declined = !back), back))
    .finally(() => (asking = undefined));
  return asking;
}

/** Ask for what goes on by itself: who has said “Not now” is left alone until they wish to.
 * @param {{ session: string, login: string, user: string }} desk @returns {Promise<boolean>} */
export const logInUnlessDeclined = (desk) => (declined && !asking ? isBack(desk) : logInAgain(desk));

/** They have said “Not now”, and are not back by another tab. @param {{ session: string, user: string }} desk */
export const staysAway = async (desk) => declined && !asking && !(await isBack(desk));

function welcome() {
  declined = false;
  shutStore(false);
  window.dispatchEvent(new Event("desk:back"));
  return true;
}

export const isAsking = () => asking !== undefined;

/** Whether they have logged in again by another tab. @param {{ session: string, user: string }} desk */
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
          else form.reset(); // a password that is somebody else's, perhaps
        }
      });
      /** @type {HTMLElement | null} */ (form.querySelector("input:not([type=hidden])"))?.focus();
    };
    load(desk.login).then((page) => (page ? draw(page.form) : said(say("no_line"))));
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {{ session: string, login: string, user: string }} desk
 * @returns {Promise<{ done: boolean, problem: string, form?: HTMLFormElement }>}
 */
async function submit(form, desk) {
  const page = await load(desk.login, { method: "POST", body: new FormData(form) });
  const session = await ask(desk.session);
  if (session.token) {
    renewToken(session.token);
    return session.user === desk.user ? { done: true, problem: "" } : { done: false, problem: say("stranger") };
  }
  return { done: false, problem: page?.problem || say("no_line"), form: page?.form };
}

/** The login page's form and what it complains of. @param {string} address @param {RequestInit} [options] */
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
