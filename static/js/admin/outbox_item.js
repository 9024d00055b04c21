import { isWaiting, same } from "./composition.js";

/* One item of the outbox: the content of a form, and the state of its sending. */

/** @typedef {import("./composition.js").Composition} Composition */
/** @typedef {import("./desk_request.js").Told} Told */
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

/** @param {Composition} composition @returns {Composition} */
export function withoutWaiting(composition) {
  return { ...composition, blocks: composition.blocks.filter((block) => !isWaiting(block)) };
}

/** Whether two items have the same content and button, as after a double click.
 * @param {Item} one @param {Item} other */
export function isTwice(one, other) {
  return one.key === other.key && one.button.name === other.button.name && same(one.composition, other.composition);
}
