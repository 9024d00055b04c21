import { openDialog } from "../dialog.js";
import { focusText } from "../editors.js";
import { button, element, translate } from "../strings.js";

const OFF = "desk keys off";
const FIELDS = "input, textarea, select, [contenteditable], dialog";

/** Sets up the desk's keyboard shortcuts, and its layout while the on-screen keyboard is open. */
export function setUpShortcuts() {
  if (!document.querySelector("desk-timeline")) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-keys]")) help();
    const fold = target.closest("[data-fold]");
    fold?.setAttribute("aria-expanded", String(fold.getAttribute("aria-expanded") !== "true"));
  });
  const view = window.visualViewport;
  for (const name of ["resize", "scroll"]) view?.addEventListener(name, fitToKeyboard);
  fitToKeyboard();
}

/** Adapts the layout to the part of the page that the on-screen keyboard leaves visible. */
function fitToKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const root = document.documentElement;
  root.toggleAttribute("data-short", view.height < 500 && window.innerWidth < 1024);
  root.style.setProperty("--view", `${Math.round(view.height)}px`);
  root.style.setProperty("--covered", `${Math.max(0, Math.round(window.innerHeight - view.height - view.offsetTop))}px`);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog")) return;
  // Before the check below, because the editor prevents the default.
  if (event.key === "Escape" && target.closest("form.write")) return rows()[0]?.focus();
  if (event.defaultPrevented) return;
  if (target.closest(FIELDS) || (localStorage.getItem(OFF) && event.key !== "?")) return;
  const act = { "?": help, "/": find, n: write, j: () => step(1), k: () => step(-1), e: () => open("edit"), c: () => open("correct") }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** The visible rows. @returns {HTMLElement[]} */
const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("desk-timeline [data-row]")]).filter((row) => row.checkVisibility());

/** @param {number} way */
function step(way) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? all[0] : all[at + way];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** @param {string} action */
function open(action) {
  const row = document.activeElement?.closest("[data-row]");
  /** @type {HTMLElement | null | undefined} */ (row?.querySelector(`[data-action=${action}]`))?.click();
}

function find() {
  /** @type {HTMLElement | null} */ (document.querySelector("[data-find] [type=search]"))?.focus();
}

function write() {
  const text = document.querySelector("form.write .block-text:not(.empty-form):not([hidden])");
  if (text) focusText(text);
}

function help() {
  const list = element("dl");
  const pairs = [["Ctrl+Enter", "key_send"], ["Ctrl+Shift+Enter", "preview"], ["Esc", "key_out"], ["n", "key_write"],
    ["j", "key_next"], ["k", "key_back"], ["e", "key_edit"], ["c", "key_correct"], ["/", "key_find"], ["Alt+Shift+↑ ↓", "key_move"], ["Alt+↑ ↓", "key_point"], ["?", "key_list"]];
  for (const [key, name] of pairs) {
    const term = element("dt");
    term.append(element("kbd", key));
    list.append(term, element("dd", translate(name)));
  }
  const label = element("label", "", { class: "check" });
  const box = /** @type {HTMLInputElement} */ (element("input", "", { type: "checkbox" }));
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  label.append(box, ` ${translate("keys_on")}`);
  const dialog = openDialog("keys", translate("keys"), list, label, button(translate("close"), () => dialog.close()));
}
