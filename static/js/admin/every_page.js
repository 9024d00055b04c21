import "./just_done.js";
import { guardLogOut } from "./leaving.js";

const user = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=desk-user]"))?.content;
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#logout-form"));
if (user && form) guardLogOut(form, user);
