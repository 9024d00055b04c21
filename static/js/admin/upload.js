import { Backoff } from "../live/backoff.js";
import { scaledDown } from "./image_scaling.js";
import { load, remove, save } from "./store.js";
import { newKey } from "./strings.js";

/*
 * Uploads a file in parts, so that a lost connection costs one part. The key makes a part that is sent twice harmless.
 * The file is stored on the device until it is uploaded, so that a crash loses nothing.
 */

/**
 * @typedef {{ id: string, preview: string, width: number, height: number, caption: string, credit: string, alt: string }} Picture
 * @typedef {object} UploadResponse
 * @property {number} status 0 without a connection
 * @property {any} body
 *
 * @typedef {object} Transport how an upload is sent; tests pass their own
 * @property {(part: FormData, progress: (sent: number) => void) => Promise<UploadResponse>} send
 * @property {() => Promise<boolean>} logIn
 * @property {(seconds: number) => Promise<void>} wait
 * @property {string} user
 * @property {number} partSize
 *
 * @typedef {"preparing" | "sending" | "waiting" | "refused" | "done"} UploadState
 */

const CONCURRENT = 2; // uploads at once; more would only share the bandwidth

export class Upload extends EventTarget {
  /** @type {UploadState} */
  state = "preparing";
  /** @type {Picture | undefined} */
  picture;
  reason = "";
  share = 0;
  #cancelled = false;
  /** @param {string} key @param {Blob} file @param {Transport} transport */
  constructor(key, file, transport) {
    super();
    this.key = key;
    this.file = file;
    this.transport = transport;
    this.finished = this.#run();
  }

  get isOver() {
    return this.state === "done" || this.state === "refused";
  }

  /** Cancel the upload. */
  cancel() {
    this.#cancelled = true;
    void remove("files", this.key).catch(() => undefined);
    uploads.delete(this.key);
  }

  async #run() {
    await save("files", { id: this.key, user: this.transport.user, blob: this.file }).catch(() => undefined);
    await inTurn(async () => {
      const file = await scaledDown(this.file);
      await this.#send(file);
    });
    if (this.isOver) await remove("files", this.key).catch(() => undefined);
  }

  /** @param {Blob} file */
  async #send(file) {
    const backoff = new Backoff({ base: 1, cap: 20 });
    const { partSize } = this.transport;
    const parts = Math.ceil(file.size / partSize) || 1;
    let [index, missing] = [0, parts];
    while (!this.isOver && !this.#cancelled) {
      this.#setState("sending");
      const part = file.slice(index * partSize, (index + 1) * partSize);
      const before = (parts - missing) / parts;
      const progress = (/** @type {number} */ sent) => this.#progress(before + sent / part.size / parts);
      const { status, body } = await this.transport.send(this.#form(file, index, part), progress);
      if (body?.missing) {
        [index, missing] = [body.missing[0], body.missing.length];
        backoff.reset();
      } else if (body?.id) this.#finish(body);
      else if (status === 401) {
        this.#setState("waiting");
        if (!(await this.transport.logIn())) await this.transport.wait(20);
      } else if (status >= 400 && status < 500 && status !== 429 && status !== 408) this.#refuse(body?.reason ?? `${status}`);
      else {
        this.#setState("waiting");
        await this.transport.wait(backoff.next());
      }
    }
  }

  /** @param {Blob} file @param {number} index @param {Blob} part */
  #form(file, index, part) {
    const form = new FormData();
    form.append("key", this.key);
    form.append("size", String(file.size));
    form.append("index", String(index));
    form.append("part", part, "part");
    return form;
  }

  /** @param {Picture} picture */
  #finish(picture) {
    this.picture = picture;
    this.share = 1;
    this.#setState("done");
  }

  /** @param {string} reason */
  #refuse(reason) {
    this.reason = reason;
    this.#setState("refused");
  }

  /** @param {number} share */
  #progress(share) {
    this.share = Math.min(share, 1);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {UploadState} state */
  #setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

/** @type {Map<string, Upload>} */
const uploads = new Map();

/** @param {Blob} file @param {Transport} transport */
export function startUpload(file, transport, key = newKey()) {
  const upload = uploads.get(key) ?? new Upload(key, file, transport);
  uploads.set(key, upload);
  return upload;
}

/** An upload of this page, or one that a closed page has stored on the device.
 * @param {string} key @param {Transport} transport */
export async function findUpload(key, transport) {
  const known = uploads.get(key);
  if (known) return known;
  const stored = await load("files", key).catch(() => undefined);
  return stored ? startUpload(stored.blob, transport, key) : undefined;
}

let running = 0;
/** @type {(() => void)[]} */
const queue = [];

/** @param {() => Promise<void>} work */
async function inTurn(work) {
  if (running >= CONCURRENT) await new Promise((next) => queue.push(() => next(undefined)));
  running += 1;
  try {
    await work();
  } finally {
    running -= 1;
    queue.shift()?.();
  }
}
