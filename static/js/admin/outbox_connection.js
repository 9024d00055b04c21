import { isLoginDeclined, isLoginOpen, logInUnlessDeclined } from "./login_dialog.js";
import { openPages } from "./open_pages.js";
import { post } from "./server_request.js";
import { broadcast, withLock } from "./tabs.js";
import { findUpload } from "./upload.js";

/** What the outbox of a form needs to send: requests, uploads, the login, and messages to other tabs.
 * @param {import("./entry_safety.js").EntrySafety} safety */
export function connectionOf({ desk, transport }) {
  const { user } = desk;
  return {
    user,
    now: () => Date.now(),
    /** @param {string} address @param {FormData} data */
    post: (address, data) => post(address, data, user),
    /** @param {string} key */
    upload: (key) => findUpload(key, transport),
    logIn: () => logInUnlessDeclined(desk),
    isLoginOpen,
    isLoginDeclined: () => isLoginDeclined(desk),
    /** @param {() => Promise<void>} work */
    withLock: (work) => withLock(`desk-outbox:${user}`, work),
    openPages,
    removed: () => broadcast({ topic: "outbox", user }),
  };
}
