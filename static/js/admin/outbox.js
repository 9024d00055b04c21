import { Backoff } from "../live/backoff.js";
import { asFormData, hasWords, isWaiting, same, withoutWaiting } from "./composition.js";
import { inOrder, load, remove, save, loadAll } from "./store.js";
import { Staleness } from "./staleness.js";

/*
 * Updates that are being sent. Each is stored on the device until the server has it, so that a lost connection, a crash
 * or an expired login loses none. Its key makes it one entry however often it is sent. They are sent one after the
 * other, in the order of writing.
 */

/** @typedef {import("./server_request.js").ServerResponse} ServerResponse */
/** @typedef {import("./outbox_item.js").Item} Item @typedef {import("./outbox_item.js").ItemState} ItemState */

/**
 * @typedef {object} PageHooks what the outbox needs from the page; tests pass their own
 * @property {string} user
 * @property {(address: string, data: FormData) => Promise<ServerResponse>} post
 * @property {(key: string) => Promise<{ isOver: boolean, reason: string, picture?: { id: string }, finished: Promise<void> } | undefined>} upload
 * @property {() => Promise<boolean>} logIn
 * @property {(work: () => Promise<void>) => Promise<boolean>} [withLock] run it unless another tab is sending
 * @property {(onClosed: () => void) => Promise<Set<string> | undefined>} [openPages] the pages of the desk that are open in this browser, if it can tell
 * @property {() => boolean} [isLoginOpen] whether a login dialog is open
 * @property {() => Promise<boolean>} [isLoginDeclined] whether the person has declined to log in
 * @property {() => void} changed
 * @property {() => void} [removed] called after an item was removed from the device
 * @property {(item: Item, response: ServerResponse) => void} sent
 * @property {(item: Item) => void} refused
 * @property {() => number} now
 */

const NEEDS_WRITER = ["ask", "refused"]; // until the writer decides

export class Outbox {
  /** @type {Item[]} */
  items = [];
  #backoff = new Backoff({ base: 1, cap: 30 });
  #timer = 0;
  #running = false;
  #rerun = false;
  /** @type {Item | undefined} */
  #current;
  #staleness = new Staleness();
  /** @type {WeakMap<Item, () => Promise<unknown>>} */
  #preconditions = new WeakMap();

  /** @param {PageHooks} page */
  constructor(page) {
    this.page = page;
  }

  /** Load what an earlier page has stored. */
  start() {
    return this.#take(() => true);
  }

  /** Load what a page has stored that was closed since this one was opened. A page that is open sends its own items,
   * because its form follows what becomes of them. */
  async takeOver() {
    const open = await this.page.openPages?.(() => void this.takeOver()).catch(() => undefined);
    return open ? this.#take((item) => !open.has(item.page ?? "")) : this.pump();
  }

  /** @param {(item: Item) => boolean} isTaken */
  async #take(isTaken) {
    const stored = /** @type {Item[]} */ (await loadAll("outbox", this.page.user).catch(() => []));
    const known = new Set(this.items.map((item) => item.id));
    const others = stored.filter((item) => !known.has(item.id) && isTaken(item));
    for (const item of others) if (item.state === "sending") item.state = "queued";
    this.items.push(...others.map((item) => ({ ...item, waited: true, isStored: true })));
    this.items.sort(inOrder);
    this.page.changed();
    await this.pump();
  }

  /** @param {Item} item */
  async add(item) {
    await this.enqueue(item);
    await this.pump();
  }

  /** Add an item. It replaces a waiting item of the same update, and follows one that is being sent. From here on it is
   * stored; only each attempt to send it waits for `before`.
   * @param {Item} item @param {() => Promise<unknown>} [before] */
  async enqueue(item, before) {
    const current = this.#current;
    if (current && isDuplicate(current, item)) return;
    if (before) this.#preconditions.set(item, before);
    this.#staleness.begin(item);
    const waiting = this.items.filter((each) => each.key === item.key && each !== current);
    item.waited = this.items.some((each) => each.waited && !NEEDS_WRITER.includes(each.state));
    this.items = [...this.items.filter((each) => !waiting.includes(each)), item];
    await this.#save(item);
    for (const each of waiting) await this.remove(each);
  }

  /** Send an item that the writer has confirmed. @param {Item} item */
  async confirm(item) {
    if (await this.#isHandledElsewhere(item)) return this.remove(item);
    item.at = this.page.now();
    this.#staleness.begin(item);
    item.state = "queued";
    await this.#save(item);
    await this.pump();
  }

  /** Remove an item that is sent, discarded, or back in a form. @param {Item} item */
  async remove(item) {
    this.items = this.items.filter((each) => each !== item);
    await remove("outbox", item.id).catch(() => undefined);
    this.page.changed();
    this.page.removed?.();
  }

  /** Drop items that another page has sent or discarded. */
  async refresh() {
    const records = await loadAll("outbox", this.page.user).catch(() => undefined);
    if (!records) return;
    const stored = new Set(records.map((item) => item.id));
    this.items = this.items.filter((item) => !item.isStored || item === this.#current || stored.has(item.id));
    this.page.changed();
  }

  /** Send what can be sent; a call during a run starts another round. */
  async pump() {
    clearTimeout(this.#timer);
    this.#rerun = true;
    if (this.#running) return;
    this.#running = true;
    try {
      const withLock = this.page.withLock ?? (async (work) => (await work(), true));
      if (!(await withLock(() => this.#round()))) this.#retryLater();
    } finally {
      this.#running = false;
      this.#current = undefined;
    }
  }

  async #round() {
    while (this.#rerun) {
      this.#rerun = false;
      for (const item of [...this.items]) if (!(await this.#process(item))) return this.#retryLater();
      this.#backoff.reset();
    }
  }

  #retryLater() {
    for (const item of this.items) {
      item.waited = true; // also the items behind the one that could not be sent
      if (item.state === "sending") item.state = "queued";
    }
    this.page.changed();
    this.#timer = Number(setTimeout(() => void this.pump(), 1000 * Math.max(1, this.#backoff.next())));
  }

  /** Process one item; whether the next one may be tried. @param {Item} item */
  async #process(item) {
    if (!this.items.includes(item) || NEEDS_WRITER.includes(item.state)) return true;
    this.#current = item;
    const mayContinue = await this.#attempt(item);
    this.#current = undefined;
    if (!this.items.includes(item) || !this.#newerThan(item)) return mayContinue;
    await this.remove(item);
    this.#rerun = true;
    return mayContinue;
  }

  /** A newer item of the same update. @param {Item} item */
  #newerThan(item) {
    return this.items.find((each) => each !== item && each.key === item.key);
  }

  /** Whether another page has sent or discarded the item. @param {Item} item */
  #isHandledElsewhere = async (item) => Boolean(item.isStored) && !(await load("outbox", item.id).catch(() => item));

  /** @param {Item} item */
  async #attempt(item) {
    if (await this.#isHandledElsewhere(item)) {
      await this.remove(item);
      return true;
    }
    if (this.#staleness.isStale(item, this.page.now()) && !item.followsUp) {
      await this.#setState(item, "ask");
      return true;
    }
    if (item.state === "login" && (await this.page.isLoginDeclined?.())) return false;
    await this.#preconditions.get(item)?.();
    if (!(await this.#canSend(item))) return true;
    await this.#setState(item, "sending");
    const isComplete = !item.composition.blocks.some(isWaiting);
    const composition = isComplete ? item.composition : withoutWaiting(item.composition);
    const response = await this.page.post(item.address, asFormData(composition, item.button, item.number));
    return this.#onResponse(item, response, isComplete);
  }

  /** Whether the item can be sent now: completely, or at least its text. @param {Item} item */
  async #canSend(item) {
    await this.#insertPictures(item);
    for (const block of item.composition.blocks) {
      for (const [field, key] of Object.entries(block.uploads ?? {})) {
        const upload = await this.page.upload(key);
        if (!upload || upload.isOver) {
          delete block.uploads?.[field];
          await this.#refuse(item, { state: "refused", reason: upload?.reason || "file_gone" });
          return false;
        } else void upload.finished.then(() => this.pump());
      }
    }
    if (!item.composition.blocks.some(isWaiting)) return true;
    if (!item.entry && !item.followsUp && hasWords(item.composition)) return true;
    await this.#setState(item, "photo");
    return false;
  }

  /** @param {Item} item */
  async #insertPictures(item) {
    for (const block of item.composition.blocks) {
      for (const [field, key] of Object.entries(block.uploads ?? {})) {
        const upload = await this.page.upload(key);
        if (!upload?.picture) continue;
        block.values[field] = [upload.picture.id];
        delete block.uploads?.[field];
      }
    }
  }

  /** @param {Item} item @param {ServerResponse} response @param {boolean} isComplete */
  async #onResponse(item, response, isComplete) {
    if (response.state === "sent") {
      const newer = this.#newerThan(item);
      if (newer?.entry && response.entry) newer.composition.fields.version = [String(response.entry.version)];
      if (!isComplete) await this.#insertPictures(item); // the form contains the pictures that are uploaded by now
      const asSent = isComplete || newer ? item : { ...item }; // its form compares it with what was sent
      if (isComplete || newer) await this.remove(item);
      else await this.#sendPhotosLater(item, response);
      this.page.sent(asSent, response);
      this.#rerun = true;
      return true;
    }
    if (response.state === "login" || (response.state === "stranger" && this.page.isLoginOpen?.())) {
      item.waited = true;
      await this.#setState(item, "login");
      void this.page.logIn().then((back) => (back ? this.pump() : undefined));
      return false;
    }
    if (response.state === "offline" || response.state === "busy") {
      item.waited = true;
      await this.#setState(item, "queued");
      return false;
    }
    await this.#refuse(item, response);
    return true;
  }

  /** The text is published; send the photos later as a change of that entry.
   * @param {Item} item @param {ServerResponse} response */
  async #sendPhotosLater(item, response) {
    const { fields } = item.composition;
    item.entry = String(response.entry?.pk ?? "");
    item.address = response.entry?.change ?? item.address;
    const atDesk = ["draft", "submitted", "scheduled"].includes(response.entry?.status ?? "");
    item.button = { name: atDesk ? "_draft" : "_save", value: "1" };
    item.composition = { ...item.composition, fields: { ...fields, version: [String(response.entry?.version ?? "")] } };
    item.followsUp = true;
    await this.#setState(item, "photo");
  }

  /** @param {Item} item @param {ServerResponse} response */
  async #refuse(item, response) {
    item.response = response;
    await this.#setState(item, "refused");
    if (!this.#newerThan(item)) this.page.refused(item);
  }

  /** @param {Item} item @param {ItemState} state */
  async #setState(item, state) {
    item.state = state;
    await this.#save(item);
  }

  /** Store the item; sending works without it. @param {Item} item */
  async #save(item) {
    this.page.changed();
    const stored = await save("outbox", { ...item }).then(() => true, () => false);
    Object.assign(item, stored ? { isStored: true, isUnstorable: false } : { isUnstorable: true });
  }
}

/** Whether two items have the same content and button, as after a double click.
 * @param {Item} one @param {Item} other */
const isDuplicate = (one, other) =>
  one.key === other.key && one.button.name === other.button.name && one.button.value === other.button.value && same(one.composition, other.composition);
