import { Backoff, around, between } from "./backoff.js";
import { CatchUp, Polling } from "./catch_up.js";
import { shield } from "./shield.js";
import { Socket } from "./socket.js";

const FULL = 4013;
const PERMANENT = 4400; // from this code on, another socket of this page would fail as well
const ENDED = 4410;
const SILENT = 30_000; // milliseconds without a message, though heartbeats come more often
const OPEN = ["upcoming", "live"]; // only events with these statuses have sockets

/** Decides what to do after a socket has closed. A socket that had worked may have been cut together with a thousand
 * others, so they return spread over the time that the server named.
 * @param {Live.Close} close
 * @param {number} failures attempts in a row that brought no first frame
 * @param {{next: () => number}} backoff @param {{full: number, settled: number}} timing
 * @returns {Live.Next} */
export function afterClose({ code, bye, lived, spread }, failures, backoff, timing, random = Math.random) {
  const poll = bye?.mode === "poll";
  if (code === ENDED) return { socket: null, rest: true };
  if (code >= PERMANENT) return { socket: null, poll };
  const full = code === FULL || poll;
  const requested = bye?.retry && between(...bye.retry, random);
  if (full) return { socket: requested ?? around(timing.full, random), poll: true };
  const spreadDelay = lived ? between(0, spread, random) : 0;
  const usual = lived > timing.settled && spreadDelay ? spreadDelay : Math.max(spreadDelay, backoff.next());
  return { socket: requested ?? usual, poll: failures > 1 };
}

/** Keeps the stream supplied: by a socket, by polling where there is none, and by rare polls after the event has ended. */
export class Connection {
  /** @type {Socket | null} */
  #socket = null;
  #retry = 0;
  #failures = 0;
  #resting = false;
  #full = false;
  #started = performance.now();
  #lastMessage = Date.now();
  /** @type {Set<Live.Halt>} */
  #halts = new Set();

  /** @param {Live.Stream} stream @param {{socket: string, changes: string}} addresses
   * @param {Live.Timing} timing @param {(contact: Live.Contact) => void} report */
  constructor(stream, addresses, timing, report) {
    this.stream = stream;
    this.address = addresses.socket;
    this.timing = timing;
    this.report = report;
    // @ts-ignore: navigator.connection exists only in some browsers
    this.saving = this.socketless = !!navigator.connection?.saveData;
    this.backoff = new Backoff(timing);
    this.catchUp = new CatchUp(addresses.changes, stream, timing, (reply) => this.#onReply(reply));
    this.polling = new Polling(() => this.catchUp.ask(), () => this.#interval());
  }

  /** @param {string} status of the event */
  start(status) {
    this.#resting = status === "ended";
    this.#open();
  }

  stop() {
    clearTimeout(this.#retry);
    this.#socket?.close();
    this.#socket = null;
    this.polling.stop();
    this.catchUp.stop();
  }

  /** @param {Live.Halt} reason */
  halt(reason) {
    this.#halts.add(reason);
    this.stop();
    if (this.#halts.has("gone")) this.#report("gone");
    else if (reason === "offline") this.#report("offline");
  }

  /** @param {Live.Halt} reason */
  resume(reason) {
    if (this.#halts.delete(reason)) this.seen();
  }

  /** Call when the page comes into view, or when the reader wants to reconnect now. */
  seen() {
    if (this.#halts.size) return;
    // A proxy may let the new socket hang, and an old one may have died while the machine slept.
    const age = Date.now() - this.#lastMessage; // the other clock may stand still while the machine sleeps
    if (!this.#socket || age > SILENT || age < 0) this.catchUp.ask();
    if (this.#socket || (this.#full && this.polling.running)) return;
    this.#failures = 0;
    this.backoff.reset();
    this.#open();
  }

  #open() {
    clearTimeout(this.#retry);
    if (this.#resting || this.socketless) return this.polling.start();
    const { epoch, seq } = this.stream;
    const url = new URL(this.address, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = `v=1&epoch=${encodeURIComponent(epoch)}&since=${seq}`;
    try {
      this.#socket = new Socket(url, (frame) => this.#onFrame(frame), (close) => this.#onClose(close));
    } catch {
      // Some browsers throw: a content policy, a blocker, or no WebSocket at all.
      this.#onClose({ code: 1006, lived: 0, spread: 0 });
    }
  }

  /** @param {Live.Frame} frame */
  #onFrame(frame) {
    this.#lastMessage = Date.now();
    if (frame.hb) {
      this.#failures = 0;
      this.polling.stop();
      this.#report("live");
    }
    this.stream.receive(frame);
  }

  /** @param {Live.Close} close */
  #onClose(close) {
    this.#socket = null;
    if (!close.lived) this.#failures++;
    if (close.lived > this.timing.settled) this.backoff.reset();
    const { socket, poll, rest } = afterClose(close, this.#failures, this.backoff, this.timing);
    this.#resting = !!rest;
    this.#full = !!poll && this.#failures < 2;
    this.socketless ||= socket === null && !rest;
    const { patience, spread } = this.timing;
    if (poll || rest) this.polling.start(rest ? between(0, spread) : 0);
    else if ((socket ?? 0) > patience) this.polling.start(between(0, patience));
    if (socket !== null) this.#retry = setTimeout(() => this.#open(), 1000 * socket);
    if (this.polling.running) return;
    if (socket === null) this.#report("gone");
    else if (socket >= 1 || this.#failures) this.#report("waiting", socket); // shorter interruptions are not shown
  }

  /** @param {Live.Reply<Live.Answer>} reply */
  #onReply({ answer, gone, after }) {
    if (answer) this.#lastMessage = Date.now();
    if (gone) {
      this.polling.stop();
      this.#report("gone");
    } else if (answer && this.#resting && OPEN.includes(answer.status)) {
      this.polling.stop();
      this.start(answer.status);
    } else if (this.polling.running) {
      this.#resting ||= answer?.status === "ended";
      this.#report(!answer ? "waiting" : this.#resting ? "resting" : "polling", after);
    }
  }

  #interval() {
    const { timing } = this;
    const isOld = performance.now() - this.#started > 1000 * timing.restFor;
    if (this.#resting) return isOld ? timing.restFor : timing.rest;
    if (document.hidden) return timing.hidden;
    return this.saving ? timing.saving : timing.poll;
  }

  /** @param {Live.Contact["is"]} is @param {number} [seconds] until the next attempt */
  #report(is, seconds = 0) {
    shield(() => this.report({ is, until: performance.now() + 1000 * seconds, heard: this.#lastMessage }));
  }
}
