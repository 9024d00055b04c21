/* Requests to the server with the page's CSRF token, which is renewed after a login has made it stale. */

/**
 * @typedef {object} Told what the server answers, see updates/admin/json_responses.py
 * @property {"sent" | "refused" | "stranger" | "login" | "foreign" | "offline" | "busy"} state
 * @property {string} [said]
 * @property {string} [next]
 * @property {{ pk: number, id: string, status: string, version: number, change: string, address: string } | null} [entry]
 * @property {string} [reason]
 * @property {Record<string, string[]>} [errors]
 * @property {Record<string, string | number>} [instead]
 * @property {boolean} [go_live]
 * @property {string} [other]
 * @property {string} [ways] the buttons that are possible now
 * @property {number} [heardAt] when it was answered
 */

const PATIENCE = 20_000; // ms for a response to a request without files; the connection may be half open

export function token() {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
  return field?.value ?? "";
}

/** @param {string} fresh */
export function renewToken(fresh) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[name=csrfmiddlewaretoken]"));
  for (const field of fields) field.value = fresh;
}

/** @param {string} address
 * @param {FormData} data
 * @param {string} user whose words these are
 * @returns {Promise<Told>} */
export async function post(address, data, user) {
  const headers = { "X-CSRFToken": token(), "X-Desk-User": user };
  const told = await ask(address, { method: "POST", body: data, headers });
  if (told.state !== "token") return told;
  renewToken(told.token);
  const again = await ask(address, { method: "POST", body: data, headers: { ...headers, "X-CSRFToken": told.token } });
  return again.state === "token" ? { state: "busy" } : again;
}

/** @param {string} address @param {RequestInit} options @returns {Promise<any>} */
export async function ask(address, options = {}) {
  const headers = { ...options.headers, Accept: "application/json" };
  try {
    const answer = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(PATIENCE), cache: "no-store" });
    const told = isJson(answer) ? await answer.json() : null;
    if (told) told.heardAt = Date.now(); // a refusal may be kept on the device for long
    if (answer.status >= 500 && told?.state !== "refused") return { state: "busy" };
    if (answer.status === 503) return { ...told, state: "busy" };
    if (told) return told;
    return answer.ok ? { state: "busy" } : { state: "refused", reason: `${answer.status} ${answer.statusText}` };
  } catch {
    return { state: "offline" }; // no connection, or a timeout: whether it arrived shows when it is sent again
  }
}

/** @param {Response} answer */
const isJson = (answer) => (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
