/* Posts the part of a one-time link behind its #, which browsers send to no server, so it is in no log. */
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#link-form"));
const input = /** @type {HTMLInputElement | null} */ (form?.elements.namedItem("link"));

if (form && input && location.hash.length > 1) {
  input.value = location.hash;
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}
