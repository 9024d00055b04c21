import { Backoff } from "../../live/backoff.js";
import { logInAgain } from "../login_dialog.js";
import { button, say } from "../strings.js";

const LOGGED_OUT = 4401;
const FOR_GOOD = [4400, 4403, 4404];
const LINE = "line"; // the kind of message that is about the connection
const SILENCE = 2.5; // heartbeats missed until the connection counts as dead
const ASK_EVERY = 5000; // ms between two requests while there is no socket

/** The desk's socket: reports that the desk has changed, and who else is here. A watchdog treats a silent connection as
 * dead; without one, the timeline polls. */
export class DeskLine {
  /** @type {WebSocket | undefined} */
  #socket;
  #backoff = new Backoff({ base: 1, cap: 20 });
  #watchdog = 0;
  #again = 0;
  #patience = 10_000;
  /** @type {string} */
  #said = "";

  /** @param {import("./timeline.js").DeskTimeline} host @param {(head: number) => void} moved */
  constructor(host, moved) {
    this.host = host;
    this.moved = moved;
  }

  /** @param {AbortSignal} signal */
  open(signal) {
    this.#connect();
    const asking = setInterval(() => this.isOpen || document.hidden || this.moved(0), ASK_EVERY);
    for (const name of ["online", "desk:back"]) window.addEventListener(name, () => this.#now(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#now(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.#now(), { signal });
    signal.addEventListener("abort", () => {
      clearInterval(asking);
      this.#drop();
      clearTimeout(this.#again);
    });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Tell the others about this page: once, and again on every new connection. @param {object} message */
  tell(message) {
    const said = JSON.stringify(message);
    if (said === this.#said) return;
    this.#said = said;
    if (this.isOpen) this.#socket?.send(this.#said);
  }

  #connect() {
    clearTimeout(this.#again);
    const address = new URL(this.host.dataset.socket ?? "", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.onopen = () => this.#said && this.#socket?.send(this.#said);
    this.#socket.onmessage = ({ data }) => this.#heard(JSON.parse(data));
    this.#socket.onclose = ({ code }) => this.#ended(code);
    this.#watch();
  }

  #now() {
    if (this.isOpen) return;
    this.#drop();
    this.#connect();
  }

  /** @param {{ t: string, head?: number, hb?: number, people?: unknown[] }} frame */
  #heard(frame) {
    if (frame.hb) this.#patience = SILENCE * frame.hb * 1000;
    this.#watch();
    if (frame.head !== undefined) this.moved(frame.head);
    if (frame.people) this.host.dispatchEvent(new CustomEvent("desk:here", { detail: frame.people }));
    if (frame.t !== "bye") this.host.unsay(LINE);
    if (frame.t === "desk") this.#backoff.reset();
    this.host.dataset.connected = String(frame.t !== "bye");
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = Number(setTimeout(() => this.#ended(1006), this.#patience));
  }

  #drop() {
    clearTimeout(this.#watchdog);
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  /** @param {number} code */
  #ended(code) {
    this.#drop();
    this.#socket = undefined;
    this.host.dataset.connected = "false";
    if (code === LOGGED_OUT) return this.#offerLogin();
    if (FOR_GOOD.includes(code)) return this.host.complain(say("desk_closed"));
    const wait = 1000 * Math.max(0.2, this.#backoff.next());
    this.host.say(say("desk_waits"), LINE);
    this.#again = Number(setTimeout(() => this.#connect(), wait));
  }

  #offerLogin() {
    this.host.say(say("login_ended"), LINE);
    const desk = /** @type {any} */ (document.querySelector("entry-safety"))?.desk;
    const press = button(say("log_in"), () => void logInAgain(desk)); // all callers that wait for a login share it
    this.host.querySelector("[data-line]")?.append(" ", press);
  }
}
