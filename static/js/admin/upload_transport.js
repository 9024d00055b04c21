import { renewToken, token } from "./server_request.js";
import { logInUnlessDeclined } from "./login_dialog.js";

const SILENCE = 60_000; // ms without a byte after which the connection counts as dead; a slow one sends a part in half of that

/** How uploads of this page reach the server.
 * @param {{ pictures: string, session: string, login: string, user: string, partSize: number }} desk
 * @returns {import("./upload.js").Means} */
export function uploadLine(desk) {
  return {
    user: desk.user,
    partSize: desk.partSize,
    logIn: () => logInUnlessDeclined(desk),
    wait: (seconds) => quiet(seconds),
    async send(part, progress) {
      const answer = await request(desk, part, progress);
      if (answer.told?.state !== "token") return answer;
      renewToken(answer.told.token);
      return request(desk, part, progress);
    },
  };
}

/** Resolves when the time has passed, or when the browser is online again.
 * @param {number} seconds @returns {Promise<void>} */
function quiet(seconds) {
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
 * @returns {Promise<import("./upload.js").Answer>} */
function request({ pictures, user }, form, progress) {
  return new Promise((resolve) => {
    const call = new XMLHttpRequest();
    let alarm = setTimeout(() => call.abort(), SILENCE);
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => call.abort(), SILENCE);
    };
    call.upload.onprogress = (event) => {
      heard();
      progress(event.loaded);
    };
    call.onloadend = () => {
      clearTimeout(alarm);
      resolve({ status: call.status, told: parsed(call.responseText) });
    };
    call.open("POST", pictures);
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("X-Desk-User", user);
    call.setRequestHeader("X-CSRFToken", token());
    call.send(form);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not JSON: a proxy's page, or empty
  }
}
