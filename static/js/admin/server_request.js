/* Requests to the server with the page's CSRF token, which is renewed after a login has made it stale. */

/**
 * @typedef {object} ServerResponse the server's answer, see updates/admin/responses.py
 * @property {"sent" | "refused" | "stranger" | "login" | "foreign" | "offline" | "busy"} state
 * @property {string} [message]
 * @property {string} [next]
 * @property {{ pk: number, id: string, status: string, version: number, change: string, address: string } | null} [entry]
 * @property {string} [reason]
 * @property {Record<string, string[]>} [errors]
 * @property {Record<string, string | number>} [instead]
 * @property {boolean} [go_live]
 * @property {string} [replaces] whether there is a newer version: value of the button that replaces it
 * @property {boolean} [choice] whether the buttons that came with it are for this one time
 * @property {string} [other]
 * @property {string} [buttons] the buttons that are possible now
 * @property {number} [receivedIn] when it was answered
 */

export const TIMEOUT = 20_000; // ms for a response to a request without files; the connection may be half open

export function csrfToken() {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
  return field?.value ?? "";
}

/** @param {string} fresh */
export function setCsrfToken(fresh) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[name=csrfmiddlewaretoken]"));
  for (const field of fields) field.value = fresh;
}

/** The user whom the page was drawn for; another tab may have logged in somebody else since. */
export function pageUser() {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=desk-user]"))?.content ?? "";
}

/** @param {string} address @param {FormData} data @param {string} [user] the author of the data
 * @param {AbortSignal} [signal] instead of the usual timeout @returns {Promise<ServerResponse>} */
export async function post(address, data, user = pageUser(), signal) {
  const headers = { "X-CSRFToken": csrfToken(), "X-Desk-User": user };
  const response = await ask(address, { method: "POST", body: data, headers, signal });
  if (response.state !== "token") return response;
  setCsrfToken(response.token);
  const second = await ask(address, { method: "POST", body: data, headers: { ...headers, "X-CSRFToken": response.token }, signal });
  return second.state === "token" ? { state: "busy" } : second;
}

/** @param {string} address @param {RequestInit} options @returns {Promise<any>} */
export async function ask(address, options = {}) {
  const headers = { ...options.headers, Accept: "application/json" };
  try {
    const signal = options.signal ?? AbortSignal.timeout(TIMEOUT);
    const response = await fetch(address, { ...options, headers, signal, cache: "no-store" });
    const body = isJson(response) ? await response.json() : null;
    if (body) body.receivedIn = performance.timeOrigin; // a refusal may be kept on the device for long
    if (response.status >= 500 && body?.state !== "refused") return { state: "busy" };
    if (response.status === 503) return { ...body, state: "busy" };
    if (body) return body;
    return response.ok ? { state: "busy" } : { state: "refused", reason: `${response.status} ${response.statusText}` };
  } catch {
    return { state: "offline" }; // no connection, or a timeout: whether it arrived shows when it is sent again
  }
}

/** @param {Response} response */
const isJson = (response) => (response.headers.get("Content-Type") ?? "").startsWith("application/json");
