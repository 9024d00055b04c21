import { post } from "../server_request.js";
import { logInAgain } from "../login_dialog.js";
import { button, element, say } from "../strings.js";

/** Handles the buttons and links of the rows without leaving the desk. */
export class RowActions {
  /** @param {import("./timeline.js").DeskTimeline} host @param {() => void} done @param {AbortSignal} signal */
  constructor(host, done, signal) {
    this.host = host;
    this.done = done;
    host.addEventListener("click", this.#click, { signal });
    document.addEventListener("submit", this.#undo, { signal });
  }

  #click = (/** @type {MouseEvent} */ event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = /** @type {Element} */ (event.target);
    const press = /** @type {HTMLButtonElement | null} */ (target.closest("button[formaction]"));
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-action]:not([data-action=history])"));
    if (!press && !link) return;
    event.preventDefault();
    if (press) void this.#act(press);
    else if (link?.matches("[data-action=edit], [data-action=correct]")) this.#open(link.href);
    else if (link) void this.#askFirst(link.href);
  };

  /** Handles “Undo” of the last action. @param {Event} event */
  #undo = (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const line = form.closest("just-done");
    if (!line) return;
    event.preventDefault();
    line.remove();
    void this.#send(form.action, new FormData(form));
  };

  /** Open another update; what is being written becomes a draft. @param {string} address */
  #open(address) {
    const form = document.querySelector("form.write");
    const go = () => location.assign(address);
    if (!form) return go();
    const parked = new CustomEvent("composer:park", { detail: { then: go } });
    form.dispatchEvent(parked);
    if (!document.querySelector("entry-safety[data-ready]")) go();
  }

  /** @param {HTMLButtonElement} press */
  async #act(press) {
    const row = press.closest("[data-row]");
    row?.classList.add("busy");
    press.disabled = true;
    const data = new FormData();
    data.append("back", ""); // an empty body could not be parsed
    await this.#send(press.formAction, data);
    row?.classList.remove("busy");
    press.disabled = false;
    press.focus({ preventScroll: true });
  }

  /** Show a confirmation page in a dialog; a page with more than a form is opened instead. @param {string} address */
  async #askFirst(address) {
    const page = await load(address);
    if (!page) return location.assign(address);
    if (page.why) return void this.host.complain(page.why);
    const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "", { class: "desk asks", "aria-labelledby": "asks-title" }));
    dialog.append(element("h2", page.title, { id: "asks-title" }), ...page.content);
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form.stack"));
    for (const back of dialog.querySelectorAll(".send a.btn")) back.replaceWith(button(back.textContent ?? "", () => dialog.close()));
    let isSending = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      const sent = new FormData(form, /** @type {HTMLButtonElement | null} */ (event.submitter));
      if (await this.#send(form.getAttribute("action") || address, sent, dialog)) dialog.close();
      isSending = false;
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!event.repeat) form.requestSubmit(/** @type {HTMLButtonElement | null} */ (form.querySelector(".go")));
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    /** @type {HTMLElement | null} */ (form.querySelector("textarea, input:not([type=hidden]), select"))?.focus();
  }

  /** @param {string} address @param {FormData} data @param {HTMLElement} [room] where a refusal is shown
   * @returns {Promise<boolean>} */
  async #send(address, data, room) {
    const user = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=desk-user]"))?.content ?? "";
    const safety = /** @type {any} */ (document.querySelector("entry-safety"));
    let told = await post(address, data, user);
    if (told.state === "login" && safety && (await logInAgain(safety.desk))) told = await post(address, data, user);
    const why = told.state === "sent" ? "" : wrong(told);
    if (room && why) showProblem(room, why);
    else if (why) this.host.complain(why);
    else this.host.say(plain(told.said));
    this.done();
    return told.state === "sent";
  }
}

/** @param {import("../server_request.js").Told} told */
function wrong(told) {
  const all = [told.reason, ...Object.values(told.errors ?? {}).flat()].filter(Boolean);
  const unknown = { login: "login_ended", busy: "busy" }[String(told.state)];
  return all.join(" ") || say(unknown ?? "no_line");
}

/** @param {HTMLElement} room @param {string} why */
function showProblem(room, why) {
  const note = room.querySelector("[data-problem]") ?? element("p", "", { class: "errornote", role: "alert", "data-problem": "" });
  note.textContent = why;
  room.querySelector("h2")?.after(note);
  note.scrollIntoView({ block: "nearest" });
}

/** The text of HTML from the server. @param {string} [html] */
const plain = (html = "") => new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";

/** Fetch a confirmation page: its title and content, or an error; null if it has more than a form.
 * @param {string} address @returns {Promise<{ title: string, content: Node[], why?: string } | null>} */
async function load(address) {
  try {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.querySelector("#content-main.narrow");
    const title = page.querySelector("#content > h1")?.textContent?.trim() ?? "";
    const why = answer.ok ? "" : content?.querySelector(".errornote")?.textContent?.trim();
    if (why) return { title, content: [], why };
    return content?.querySelector("form.stack") ? { title, content: [...content.children].map((each) => document.importNode(each, true)) } : null;
  } catch {
    return { title: "", content: [], why: say("no_line") };
  }
}
