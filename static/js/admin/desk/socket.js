import { Backoff } from "../../live/backoff.js";
import { logInAgain } from "../login_dialog.js";
import { button, translate } from "../strings.js";

const LOGGED_OUT = 4401;
const FOR_GOOD = [4400, 4403, 4404];
const CONNECTION = "connection"; // the kind of message that is about the connection
const SILENCE = 2.5; // heartbeats missed until the connection counts as dead
const ASK_EVERY = 5000; // ms between two requests while there is no socket

/** The desk's socket: reports that the desk has changed, and who else is here. A watchdog treats a silent connection as
 * dead; without one, the timeline polls. */
export class DeskSocket {
  /** @type {WebSocket | undefined} */
  #socket;
  #backoff = new Backoff({ base: 1, cap: 20 });
  #watchdog = 0;
  #retry = 0;
  #patience = 10_000;
  /** @type {string} */
  #message = "";

  /** @param {import("./timeline.js").DeskTimeline} host @param {(head: number) => void} onHead */
  constructor(host, onHead) {
    this.host = host;
    this.onHead = onHead;
  }

  /** @param {AbortSignal} signal */
  open(signal) {
    this.#connect();
    const polling = setInterval(() => this.isOpen || document.hidden || this.onHead(0), ASK_EVERY);
    for (const name of ["online", "desk:back"]) window.addEventListener(name, () => this.#reconnect(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#reconnect(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.#reconnect(), { signal });
    signal.addEventListener("abort", () => {
      clearInterval(polling);
      this.#disconnect();
      clearTimeout(this.#retry);
    });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Tell the others about this page: once, and again on every new connection. @param {object} message */
  send(message) {
    const text = JSON.stringify(message);
    if (text === this.#message) return;
    this.#message = text;
    if (this.isOpen) this.#socket?.send(this.#message);
  }

  #connect() {
    clearTimeout(this.#retry);
    const address = new URL(this.host.dataset.socket ?? "", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.onopen = () => this.#message && this.#socket?.send(this.#message);
    this.#socket.onmessage = ({ data }) => this.#onFrame(JSON.parse(data));
    this.#socket.onclose = ({ code }) => this.#onClose(code);
    this.#watch();
  }

  #reconnect() {
    if (this.isOpen) return;
    this.#disconnect();
    this.#connect();
  }

  /** @param {{ t: string, head?: number, hb?: number, people?: unknown[] }} frame */
  #onFrame(frame) {
    if (frame.hb) this.#patience = SILENCE * frame.hb * 1000;
    this.#watch();
    if (frame.head !== undefined) this.onHead(frame.head);
    if (frame.people) this.host.dispatchEvent(new CustomEvent("desk:here", { detail: frame.people }));
    if (frame.t !== "bye") this.host.notice.clear(CONNECTION);
    if (frame.t === "desk") this.#backoff.reset();
    this.host.dataset.connected = String(frame.t !== "bye");
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = Number(setTimeout(() => this.#onClose(1006), this.#patience));
  }

  #disconnect() {
    clearTimeout(this.#watchdog);
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  /** @param {number} code */
  #onClose(code) {
    this.#disconnect();
    this.#socket = undefined;
    this.host.dataset.connected = "false";
    if (code === LOGGED_OUT) return this.#offerLogin();
    if (FOR_GOOD.includes(code)) return this.host.showError(translate("desk_closed"));
    const wait = 1000 * Math.max(0.2, this.#backoff.next());
    this.host.notice.show(translate("desk_waits"), CONNECTION);
    this.#retry = Number(setTimeout(() => this.#connect(), wait));
  }

  #offerLogin() {
    this.host.notice.show(translate("login_ended"), CONNECTION);
    const desk = /** @type {any} */ (document.querySelector("entry-safety"))?.desk;
    // All callers that wait for a login share it.
    const login = button(translate("log_in"), () => void logInAgain(desk));
    document.querySelector("[data-line]")?.append(" ", login);
  }
}
