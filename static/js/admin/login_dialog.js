import { parsePage } from "../html.js";
import { openDialog } from "./dialog.js";
import { ask, setCsrfToken } from "./server_request.js";
import { setStoreClosed } from "./store.js";
import { button, element, translate } from "./strings.js";

/*
 * Logs in again without leaving the page: shows the login page's own form in a dialog, so that a second factor works
 * too.
 */

/** @typedef {{ form?: HTMLFormElement, setUp?: string, problem: string }} LoginPage */

/** Milliseconds between two looks whether the second factor has been set up, once the person is back from its page. */
const LOOK_EVERY = 5000;

/** @type {Promise<boolean> | undefined} */
let pending;
let declined = false;

/** Ask for a login at the person's wish. Callers that need one at the same time share one dialog.
 * @param {{ session: string, login: string, user: string }} desk
 * @returns {Promise<boolean>} whether the same person is logged in again */
export function logInAgain(desk) {
  pending ??= isLoggedInAgain(desk)
    .then(async (isBack) => isBack || ((await showLogin(desk)) && resume()))
    .then((isBack) => ((declined = !isBack), isBack))
    .finally(() => (pending = undefined));
  return pending;
}

/** Ask for a login on behalf of background work, unless the person has declined with “Not now”.
 * @param {{ session: string, login: string, user: string }} desk @returns {Promise<boolean>} */
export const logInUnlessDeclined = (desk) => (declined && !pending ? isLoggedInAgain(desk) : logInAgain(desk));

/** Whether the person has declined to log in, and is not logged in by another tab.
 * @param {{ session: string, user: string }} desk */
export const isLoginDeclined = async (desk) => declined && !pending && !(await isLoggedInAgain(desk));

function resume() {
  declined = false;
  setStoreClosed(false);
  window.dispatchEvent(new Event("desk:back"));
  return true;
}

export const isLoginOpen = () => pending !== undefined;

/** Send a request; if the login has ended, ask for a new one and send again.
 * @template {{ state: string }} T @param {() => Promise<T>} send */
export async function withLogin(send) {
  const response = await send();
  const safety = /** @type {any} */ (document.querySelector("entry-safety"));
  return response.state === "login" && safety && (await logInAgain(safety.desk)) ? send() : response;
}

/** Whether the person is logged in again by another tab. @param {{ session: string, user: string }} desk */
export async function isLoggedInAgain(desk) {
  const session = await ask(desk.session);
  if (session.token) setCsrfToken(session.token);
  return Boolean(session.token) && session.user === desk.user && resume();
}

/** @param {{ session: string, login: string, user: string }} desk @returns {Promise<boolean>} */
function showLogin(desk) {
  const content = element("div", "", { "aria-busy": "true" }); // with the room that the form takes
  const problem = element("p", "", { class: "errornote", role: "alert", hidden: "" });
  const later = button(translate("not_now"), () => dialog.close());
  const why = element("p", translate("login_why"));
  const dialog = openDialog("relogin", translate("login_ended"), why, problem, content, later);
  return new Promise((resolve) => {
    let done = false;
    dialog.addEventListener("close", () => resolve(done));
    const showProblem = (/** @type {string} */ text) => {
      problem.textContent = text;
      problem.hidden = text === "";
    };
    const showPage = (/** @type {LoginPage | null} */ page) => {
      content.removeAttribute("aria-busy");
      if (page?.form) showForm(page.form);
      else if (page?.setUp) showSetUp(page.setUp);
      else showProblem(translate("no_line"));
    };
    const showSetUp = (/** @type {string} */ address) => {
      const link = element("a", translate("set_up"), { href: address, target: "_blank", class: "btn go" });
      content.replaceChildren(element("p", translate("second_factor")), link);
      link.focus();
      let timer = 0;
      const look = async () => {
        clearTimeout(timer);
        done = await isLoggedInAgain(desk);
        if (done) dialog.close();
        else if (dialog.open) timer = window.setTimeout(look, LOOK_EVERY); // the server may have been busy
      };
      window.addEventListener("focus", look);
      dialog.addEventListener("close", () => (window.removeEventListener("focus", look), clearTimeout(timer)));
    };
    const showForm = (/** @type {HTMLFormElement} */ form) => {
      content.replaceChildren(form);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const outcome = await submit(form, desk);
        done = outcome.done;
        if (done) dialog.close();
        else {
          showProblem(outcome.problem);
          if (outcome.page) showPage(outcome.page);
          else form.reset(); // perhaps somebody else's password
        }
      });
      /** @type {HTMLElement | null} */ (form.querySelector("input:not([type=hidden])"))?.focus();
    };
    fetchLoginPage(desk.login).then(showPage);
  });
}

/** @param {HTMLFormElement} form
 * @param {{ session: string, login: string, user: string }} desk
 * @returns {Promise<{ done: boolean, problem: string, page?: LoginPage }>} */
async function submit(form, desk) {
  const body = new FormData(form);
  body.set("next", desk.session); // not the first page after a login, which nobody will see
  const page = await fetchLoginPage(desk.login, { method: "POST", body });
  const session = await ask(desk.session);
  if (session.token) {
    setCsrfToken(session.token);
    return session.user === desk.user ? { done: true, problem: "" } : { done: false, problem: translate("stranger") };
  }
  return page ? { done: false, problem: page.problem, page } : { done: false, problem: translate("no_line") };
}

/** Fetch the login page, or the one to set up a second factor that it leads to.
 * @param {string} address @param {RequestInit} [options] @returns {Promise<LoginPage | null>} */
async function fetchLoginPage(address, options = {}) {
  try {
    const answer = await fetch(address, options);
    const page = parsePage(await answer.text());
    const form = /** @type {HTMLFormElement | null} */ (page.querySelector("#login-form"));
    const problem = page.querySelector(".errornote")?.textContent?.trim() ?? "";
    if (form) return { form: document.importNode(form, true), problem };
    return page.querySelector("[data-set-up]") && { setUp: answer.url, problem: "" };
  } catch {
    return null;
  }
}
