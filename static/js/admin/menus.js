/* Menus of the desk: “More” in the rows and beside “Publish”, the menu of a phone, and the schedule. */

const MENU = "details.more[open], [data-menu][aria-expanded=true]";
const POPUP = `${MENU}, details.schedule[open]`;

/** Closes menus by Esc, by a press outside, and when an action was chosen. */
export function setUpMenus() {
  document.addEventListener("keydown", onKey, { capture: true });
  document.addEventListener("click", onClick, { capture: true });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const menu = event.key === "Escape" && !document.querySelector("dialog[open]") && lastOf(POPUP);
  if (!menu) return;
  event.preventDefault();
  event.stopPropagation();
  close(menu);
  /** @type {HTMLElement} */ (menu.matches("details") ? menu.querySelector("summary") : menu).focus();
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  const toggle = target.closest("[data-menu]");
  const menu = lastOf(MENU);
  if (menu && !contains(menu, target) && target.isConnected) {
    event.preventDefault(); // a press outside closes the menu and does nothing else
    event.stopPropagation();
    close(menu);
  } else if (toggle) {
    toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
  } else if (menu && target.closest("a, button")) queueMicrotask(() => close(menu));
}

/** @param {string} selector */
const lastOf = (selector) => /** @type {HTMLElement | undefined} */ ([...document.querySelectorAll(selector)].filter((each) => each.checkVisibility()).at(-1));

/** @param {HTMLElement} menu @param {Element} target */
function contains(menu, target) {
  const list = document.getElementById(menu.getAttribute("aria-controls") ?? "");
  return menu.contains(target) || Boolean(list?.contains(target));
}

/** @param {HTMLElement} menu */
function close(menu) {
  if (menu.matches("details")) menu.removeAttribute("open");
  else menu.setAttribute("aria-expanded", "false");
}
