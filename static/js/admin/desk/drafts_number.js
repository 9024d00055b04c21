/** Counts the drafts beside the menu of a phone, which shows them only when the number is pressed. */
export function countDrafts() {
  const number = /** @type {HTMLElement | null} */ (document.querySelector("[data-drafts]"));
  const box = document.getElementById("drafts");
  if (!number || !box) return;
  const count = () => {
    const drafts = box.querySelectorAll(".my-drafts:not([hidden]) li:not([hidden]), .parked:not([hidden]) li").length;
    number.hidden = drafts === 0;
    /** @type {HTMLElement} */ (number.querySelector("b")).textContent = String(drafts);
  };
  new MutationObserver(count).observe(box, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  count();
}
