const CUT = 1006;
const SILENCE = 2.5; // heartbeats missed until the line counts as dead

/** One WebSocket. It closes itself when the first frame or the heartbeats do not arrive. */
export class Socket {
  #openedAt = 0;
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
    this.ws.onmessage = ({ data }) => this.#onFrame(JSON.parse(data));
    this.ws.onclose = ({ code }) => this.#onClose(code);
    this.#restartWatchdog();
  }

  /** Does not call `closed`. */
  close() {
    clearTimeout(this.#watchdog);
    this.ws.onmessage = this.ws.onclose = null;
    this.ws.close(1000);
  }

  /** @param {Live.Frame} frame */
  #onFrame(frame) {
    if (frame.t === "bye") this.#bye = frame;
    if (frame.hb) {
      this.#openedAt ||= performance.now();
      this.#patience = SILENCE * frame.hb;
    }
    this.#spread = frame.spread ?? this.#spread;
    this.#restartWatchdog();
    this.receive(frame);
  }

  #restartWatchdog() {
    clearTimeout(this.#watchdog);
    // On a dead line the closing handshake never ends, so this does not wait for it.
    this.#watchdog = setTimeout(() => this.#onClose(CUT), 1000 * this.#patience);
  }

  /** @param {number} code */
  #onClose(code) {
    this.close();
    const lived = this.#openedAt && (performance.now() - this.#openedAt) / 1000;
    this.closed({ code: this.#bye?.code ?? code, bye: this.#bye, lived, spread: this.#spread });
  }
}
