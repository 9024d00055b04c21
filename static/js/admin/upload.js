import { Backoff } from "../live/backoff.js";
import { scaledDown } from "./image_scaling.js";
import { find, forget, keep } from "./store.js";
import { newKey } from "./strings.js";

/*
 * Uploads a file in parts, so that a lost connection costs one part. The key makes a part that is sent twice harmless.
 * The file is stored on the device until it is uploaded, so that a crash loses nothing.
 */

/**
 * @typedef {{ id: string, preview: string, width: number, height: number, caption: string, credit: string, alt: string }} Picture
 * @typedef {object} Answer
 * @property {number} status 0 without a line
 * @property {any} told
 *
 * @typedef {object} Means how an upload reaches the server; tests bring their own
 * @property {(part: FormData, progress: (sent: number) => void) => Promise<Answer>} send
 * @property {() => Promise<boolean>} logIn
 * @property {(seconds: number) => Promise<void>} wait
 * @property {string} user
 * @property {number} partSize
 *
 * @typedef {"preparing" | "sending" | "waiting" | "refused" | "done"} UploadState
 */

const ONE_AFTER_THE_OTHER = 2; // uploads at once; more would only share the bandwidth

export class Upload extends EventTarget {
  /** @type {UploadState} */
  state = "preparing";
  /** @type {Picture | undefined} */
  picture;
  reason = "";
  share = 0;
  #given = false;
  /** @param {string} key @param {Blob} file @param {Means} means */
  constructor(key, file, means) {
    super();
    this.key = key;
    this.file = file;
    this.means = means;
    this.finished = this.#run();
  }

  get isOver() {
    return this.state === "done" || this.state === "refused";
  }

  /** Cancel the upload. */
  giveUp() {
    this.#given = true;
    void forget("files", this.key).catch(() => undefined);
    uploads.delete(this.key);
  }

  async #run() {
    await keep("files", { id: this.key, user: this.means.user, blob: this.file }).catch(() => undefined);
    await turn(async () => {
      const file = await scaledDown(this.file);
      await this.#send(file);
    });
    if (this.isOver) await forget("files", this.key).catch(() => undefined);
  }

  /** @param {Blob} file */
  async #send(file) {
    const backoff = new Backoff({ base: 1, cap: 20 });
    const { partSize } = this.means;
    const parts = Math.ceil(file.size / partSize) || 1;
    let [index, missing] = [0, parts];
    while (!this.isOver && !this.#given) {
      this.#is("sending");
      const part = file.slice(index * partSize, (index + 1) * partSize);
      const before = (parts - missing) / parts;
      const progress = (/** @type {number} */ sent) => this.#progress(before + sent / part.size / parts);
      const { status, told } = await this.means.send(this.#form(file, index, part), progress);
      if (told?.missing) {
        [index, missing] = [told.missing[0], told.missing.length];
        backoff.reset();
      } else if (told?.id) this.#done(told);
      else if (status === 401) {
        this.#is("waiting");
        if (!(await this.means.logIn())) await this.means.wait(20);
      } else if (status >= 400 && status < 500 && status !== 429 && status !== 408) this.#refused(told?.reason ?? `${status}`);
      else {
        this.#is("waiting");
        await this.means.wait(backoff.next());
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
  #done(picture) {
    this.picture = picture;
    this.share = 1;
    this.#is("done");
  }

  /** @param {string} reason */
  #refused(reason) {
    this.reason = reason;
    this.#is("refused");
  }

  /** @param {number} share */
  #progress(share) {
    this.share = Math.min(share, 1);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {UploadState} state */
  #is(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

/** @type {Map<string, Upload>} */
const uploads = new Map();

/** @param {Blob} file @param {Means} means */
export function startUpload(file, means, key = newKey()) {
  const upload = uploads.get(key) ?? new Upload(key, file, means);
  uploads.set(key, upload);
  return upload;
}

/** An upload of this page, or one that a closed page has left on the device.
 * @param {string} key @param {Means} means */
export async function findUpload(key, means) {
  const known = uploads.get(key);
  if (known) return known;
  const left = await find("files", key).catch(() => undefined);
  return left ? startUpload(left.blob, means, key) : undefined;
}

let running = 0;
/** @type {(() => void)[]} */
const queue = [];

/** @param {() => Promise<void>} work */
async function turn(work) {
  if (running >= ONE_AFTER_THE_OTHER) await new Promise((next) => queue.push(() => next(undefined)));
  running += 1;
  try {
    await work();
  } finally {
    running -= 1;
    queue.shift()?.();
  }
}
