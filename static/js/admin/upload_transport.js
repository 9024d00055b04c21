import { setCsrfToken, csrfToken } from "./server_request.js";
import { logInUnlessDeclined } from "./login_dialog.js";

// Ms without a byte after which the connection counts as dead; a slow one sends a part in half of that.
const SILENCE = 60_000;

/** How uploads of this page reach the server.
 * @param {{ pictures: string, session: string, login: string, user: string, partSize: number }} desk
 * @returns {import("./upload.js").Transport} */
export function uploadTransport(desk) {
  return {
    user: desk.user,
    partSize: desk.partSize,
    logIn: () => logInUnlessDeclined(desk),
    wait: (seconds) => waitOrOnline(seconds),
    async send(part, progress) {
      const response = await sendForm(desk, part, progress);
      if (response.body?.state !== "token") return response;
      setCsrfToken(response.body.csrfToken);
      return sendForm(desk, part, progress);
    },
  };
}

/** Resolves when the time has passed, or when the browser is online again.
 * @param {number} seconds @returns {Promise<void>} */
function waitOrOnline(seconds) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, 1000 * seconds);
    window.addEventListener("online", end);
  });
}

/** Uses XMLHttpRequest, because fetch() does not report upload progress.
 * @param {{ pictures: string, user: string }} desk
 * @param {FormData} form
 * @param {(sent: number) => void} progress
 * @returns {Promise<import("./upload.js").UploadResponse>} */
function sendForm({ pictures, user }, form, progress) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    let timer = setTimeout(() => xhr.abort(), SILENCE);
    const restartTimer = () => {
      clearTimeout(timer);
      timer = setTimeout(() => xhr.abort(), SILENCE);
    };
    xhr.upload.onprogress = (event) => {
      restartTimer();
      progress(event.loaded);
    };
    xhr.onloadend = () => {
      clearTimeout(timer);
      resolve({ status: xhr.status, body: parseJson(xhr.responseText) });
    };
    xhr.open("POST", pictures);
    xhr.setRequestHeader("Accept", "application/json");
    xhr.setRequestHeader("X-Desk-User", user);
    xhr.setRequestHeader("X-CSRFToken", csrfToken());
    xhr.send(form);
  });
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not JSON: a proxy's page, or empty
  }
}
