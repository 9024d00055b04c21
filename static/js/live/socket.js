const CUT = 1006;
const SILENCE = 2.5; // heartbeats missed until the line counts as dead

/** One WebSocket. It closes itself when the first frame or the heartbeats do not arrive. */
export class Socket {
  #since = 0;
  #spread = 0;
  #patience = 10;
  /** @type {Live.Bye | undefined} */
  #bye;
  #watchdog = 0;

  /** @param {URL} url @param {(frame: Live.Frame) => void} receive @param {(close: Live.Close) => void} closed */
  constructor(url, receive, closed) {
    this.receive = receive;
    this.closed = closed;
    this.ws = new WebSocket(url);
    this.ws.onmessage = ({ data }) => this.#heard(JSON.parse(data));
    this.ws.onclose = ({ code }) => this.#end(code);
    this.#watch();
  }

  /** Does not call `closed`. */
  close() {
    clearTimeout(this.#watchdog);
    this.ws.onmessage = this.ws.onclose = null;
    this.ws.close(1000);
  }

  /** @param {Live.Frame} frame */
  #heard(frame) {
    if (frame.t === "bye") this.#bye = frame;
    if (frame.t === "sync") {
      this.#since = Date.now();
      this.#patience = SILENCE * frame.hb;
    }
    if ("spread" in frame) this.#spread = frame.spread ?? 0;
    this.#watch();
    this.receive(frame);
  }

  #watch() {
    clearTimeout(this.#watchdog);
    // On a dead line the closing handshake never ends, so this does not wait for it.
    this.#watchdog = setTimeout(() => this.#end(CUT), 1000 * this.#patience);
  }

  /** @param {number} code */
  #end(code) {
    this.close();
    const lived = this.#since && (Date.now() - this.#since) / 1000;
    this.closed({ code, bye: this.#bye, lived, spread: this.#spread });
  }
}
