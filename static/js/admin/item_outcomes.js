/** @typedef {import("./outbox.js").Item} Item */
/** @typedef {import("./server_request.js").ServerResponse} ServerResponse */

const WAITS = ["queued", "login", "ask", "photo"];

/** Lets a form in a row await what becomes of its item in the outbox. */
export class ItemOutcomes {
  /** @type {Map<Item, (response?: ServerResponse) => void>} */
  #resolvers = new Map();

  /** Sends an item; resolves with the server's response, or with nothing if the item has to wait and is left to the outbox.
   * @param {import("./outbox.js").Outbox} outbox @param {Item} item @returns {Promise<ServerResponse | undefined>} */
  send(outbox, item) {
    return new Promise((resolve) => {
      this.#resolvers.set(item, resolve);
      // The outbox takes no duplicate of an item that it is sending.
      void outbox.add(item).then(() => outbox.items.includes(item) || this.settle(item));
    });
  }

  /** Resolves the promise of an item; returns whether a form awaited it. @param {Item} item @param {ServerResponse} [response] */
  settle(item, response) {
    this.#resolvers.get(item)?.(response);
    return this.#resolvers.delete(item);
  }

  /** Let go of the items that could not be sent at once. */
  leaveWaiting() {
    for (const item of [...this.#resolvers.keys()]) if (WAITS.includes(item.state)) this.settle(item);
  }
}
