import { Backoff } from "../live/backoff.js";
import { asFormData, hasWords, isWaiting, same, withoutWaiting } from "./composition.js";
import { find, forget, keep, ofUser } from "./store.js";

/*
 * Updates that are being sent. Each is stored on the device until the server has it, so that a lost connection, a crash
 * or an expired login loses none. Its key makes it one entry however often it is sent. They are sent one after the
 * other, in the order of writing.
 */

/** @typedef {import("./server_request.js").Told} Told */
/** @typedef {import("./composition.js").Composition} Composition */
/** @typedef {"sending" | "queued" | "ask" | "login" | "photo" | "refused"} ItemState */

/**
 * @typedef {object} Item
 * @property {string} id its own, under which it lies on the device
 * @property {string} key of the update that it is a sending of: what a form sends twice is the same one
 * @property {string} user
 * @property {string} event
 * @property {string} entry of a change; "" for a new update
 * @property {string} address
 * @property {import("./composition.js").Pressed} button
 * @property {Composition} composition
 * @property {number} at when it was queued, or last said to be true
 * @property {ItemState} state
 * @property {boolean} [followsUp] the text is out, the photos are still to come
 * @property {boolean} [waited] it could not be sent at once
 * @property {boolean} [kept] it lies on the device
 * @property {Told} [told] the refusal
 */

/**
 * @typedef {object} Surroundings what the outbox needs of the page; tests bring their own
 * @property {string} user
 * @property {(address: string, data: FormData) => Promise<Told>} post
 * @property {(key: string) => Promise<{ isOver: boolean, reason: string, picture?: { id: string }, finished: Promise<void> } | undefined>} upload
 * @property {() => Promise<boolean>} logIn
 * @property {(work: () => Promise<void>) => Promise<boolean>} [alone] do it unless another page of this desk is sending
 * @property {() => boolean} [isAsking] whether a login is being asked for
 * @property {() => Promise<boolean>} [staysAway] whether one was declined, and is still missing
 * @property {() => void} changed
 * @property {() => void} [gone] one lies on the device no more
 * @property {(item: Item, told: Told) => void} sent
 * @property {(item: Item) => void} refused
 * @property {() => number} now
 */

export const STALE = 5 * 60_000; // ms in the queue after which the writer is asked whether the update still holds
const RESTING = ["ask", "refused"]; // until the writer decides

export class Outbox {
  /** @type {Item[]} */
  items = [];
  #backoff = new Backoff({ base: 1, cap: 30 });
  #timer = 0;
  #busy = false;
  #again = false;
  /** @type {Item | undefined} */
  #going;
  /** @type {WeakMap<Item, Promise<unknown>>} */
  #before = new WeakMap();

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.around = surroundings;
  }

  /** Load what an earlier page has left. */
  async start() {
    const left = /** @type {Item[]} */ (await ofUser("outbox", this.around.user).catch(() => []));
    const known = new Set(this.items.map((item) => item.id));
    const others = left.filter((item) => !known.has(item.id));
    for (const item of others) if (item.state === "sending") item.state = "queued";
    for (const item of others) item.key ??= item.id; // as earlier versions stored it
    this.items.push(...others.map((item) => ({ ...item, waited: true, kept: true })));
    this.items.sort((one, other) => one.at - other.at);
    this.around.changed();
    await this.pump();
  }

  /** @param {Item} item */
  async add(item) {
    await this.lay(item);
    await this.pump();
  }

  /** Add an item. It replaces a waiting item of the same update, and follows one that is being sent. From here on it is
   * stored; only its sending waits for `before`.
   * @param {Item} item @param {Promise<unknown>} [before] */
  async lay(item, before) {
    const going = this.#going;
    if (going && isTwice(going, item)) return;
    if (before) this.#before.set(item, before);
    const waiting = this.items.filter((each) => each.key === item.key && each !== going);
    item.waited = this.items.some((each) => each.waited && !RESTING.includes(each.state));
    this.items = [...this.items.filter((each) => !waiting.includes(each)), item];
    await this.#save(item);
    for (const each of waiting) await this.take(each);
  }

  /** Send an item that the writer has confirmed. @param {Item} item */
  async confirm(item) {
    if (await this.#isGone(item)) return this.take(item);
    item.at = this.around.now();
    item.state = "queued";
    await this.#save(item);
    await this.pump();
  }

  /** Remove an item that is sent, discarded, or back in a form. @param {Item} item */
  async take(item) {
    this.items = this.items.filter((each) => each !== item);
    await forget("outbox", item.id).catch(() => undefined);
    this.around.changed();
    this.around.gone?.();
  }

  /** Drop items that another page has sent or discarded. */
  async look() {
    const left = await ofUser("outbox", this.around.user).catch(() => undefined);
    if (!left) return;
    const lying = new Set(left.map((item) => item.id));
    this.items = this.items.filter((item) => !item.kept || item === this.#going || lying.has(item.id));
    this.around.changed();
  }

  /** Send what can be sent; a call during a run starts another round. */
  async pump() {
    clearTimeout(this.#timer);
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      const alone = this.around.alone ?? (async (work) => (await work(), true));
      if (!(await alone(() => this.#round()))) this.#later();
    } finally {
      this.#busy = false;
      this.#going = undefined;
    }
  }

  async #round() {
    while (this.#again) {
      this.#again = false;
      for (const item of [...this.items]) if (!(await this.#turn(item))) return this.#later();
      this.#backoff.reset();
    }
  }

  #later() {
    for (const item of this.items) {
      item.waited = true; // also the items behind the one that could not be sent
      if (item.state === "sending") item.state = "queued";
    }
    this.around.changed();
    this.#timer = Number(setTimeout(() => void this.pump(), 1000 * Math.max(1, this.#backoff.next())));
  }

  /** Process one item; whether the next one may be tried. @param {Item} item */
  async #turn(item) {
    if (!this.items.includes(item) || RESTING.includes(item.state)) return true;
    this.#going = item;
    const goesOn = await this.#pass(item);
    this.#going = undefined;
    if (!this.items.includes(item) || !this.#newer(item)) return goesOn;
    await this.take(item);
    this.#again = true;
    return goesOn;
  }

  /** A newer item of the same update. @param {Item} item */
  #newer(item) {
    return this.items.find((each) => each !== item && each.key === item.key);
  }

  /** Whether another page has sent or discarded the item. @param {Item} item */
  async #isGone(item) {
    return Boolean(item.kept) && !(await find("outbox", item.id).catch(() => item));
  }

  /** @param {Item} item */
  async #pass(item) {
    if (await this.#isGone(item)) {
      await this.take(item);
      return true;
    }
    if (this.around.now() - item.at > STALE && !item.followsUp) {
      await this.#is(item, "ask");
      return true;
    }
    if (item.state === "login" && (await this.around.staysAway?.())) return false;
    await this.#before.get(item);
    if (!(await this.#resolvePhotos(item))) return true;
    await this.#is(item, "sending");
    const whole = !item.composition.blocks.some(isWaiting);
    const composition = whole ? item.composition : withoutWaiting(item.composition);
    const told = await this.around.post(item.address, asFormData(composition, item.button));
    return this.#answered(item, told, whole);
  }

  /** Whether the item can be sent now: completely, or at least its text. @param {Item} item */
  async #resolvePhotos(item) {
    await this.#takePictures(item);
    for (const block of item.composition.blocks) {
      for (const [field, key] of Object.entries(block.uploads ?? {})) {
        const upload = await this.around.upload(key);
        if (!upload || upload.isOver) {
          delete block.uploads?.[field];
          await this.#refuse(item, { state: "refused", reason: upload?.reason || "file_gone" });
          return false;
        } else void upload.finished.then(() => this.pump());
      }
    }
    if (!item.composition.blocks.some(isWaiting)) return true;
    if (!item.entry && !item.followsUp && hasWords(item.composition)) return true;
    await this.#is(item, "photo");
    return false;
  }

  /** @param {Item} item */
  async #takePictures(item) {
    for (const block of item.composition.blocks) {
      for (const [field, key] of Object.entries(block.uploads ?? {})) {
        const upload = await this.around.upload(key);
        if (!upload?.picture) continue;
        block.values[field] = [upload.picture.id];
        delete block.uploads?.[field];
      }
    }
  }

  /** @param {Item} item @param {Told} told @param {boolean} whole */
  async #answered(item, told, whole) {
    if (told.state === "sent") {
      const newer = this.#newer(item);
      if (newer?.entry && told.entry) newer.composition.fields.version = [String(told.entry.version)];
      if (!whole) await this.#takePictures(item); // the form contains the pictures that are uploaded by now
      const asSent = whole || newer ? item : { ...item }; // its form compares it with what was sent
      if (whole || newer) await this.take(item);
      else await this.#photosFollow(item, told);
      this.around.sent(asSent, told);
      this.#again = true;
      return true;
    }
    if (told.state === "login" || (told.state === "stranger" && this.around.isAsking?.())) {
      item.waited = true;
      await this.#is(item, "login");
      void this.around.logIn().then((back) => (back ? this.pump() : undefined));
      return false;
    }
    if (told.state === "offline" || told.state === "busy") {
      item.waited = true;
      await this.#is(item, "queued");
      return false;
    }
    await this.#refuse(item, told);
    return true;
  }

  /** The text is published; send the photos later as a change of that entry. @param {Item} item @param {Told} told */
  async #photosFollow(item, told) {
    const { fields } = item.composition;
    item.entry = String(told.entry?.pk ?? "");
    item.address = told.entry?.change ?? item.address;
    const atDesk = ["draft", "submitted", "scheduled"].includes(told.entry?.status ?? "");
    item.button = { name: atDesk ? "_draft" : "_save", value: "1" };
    item.composition = { ...item.composition, fields: { ...fields, version: [String(told.entry?.version ?? "")] } };
    item.followsUp = true;
    await this.#is(item, "photo");
  }

  /** @param {Item} item @param {Told} told */
  async #refuse(item, told) {
    item.told = told;
    await this.#is(item, "refused");
    if (!this.#newer(item)) this.around.refused(item);
  }

  /** @param {Item} item @param {ItemState} state */
  async #is(item, state) {
    item.state = state;
    await this.#save(item);
  }

  /** @param {Item} item */
  async #save(item) {
    this.around.changed();
    await keep("outbox", { ...item }).then(() => (item.kept = true), () => undefined); // sending works without storage
  }
}

/** Whether two items have the same content and button, as after a double click.
 * @param {Item} one @param {Item} other */
export function isTwice(one, other) {
  return one.key === other.key && one.button.name === other.button.name && same(one.composition, other.composition);
}
