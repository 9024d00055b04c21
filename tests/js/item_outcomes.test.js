import assert from "node:assert/strict";
import test from "node:test";
import { ItemOutcomes } from "../../static/js/admin/item_outcomes.js";
import { Outbox } from "../../static/js/admin/outbox.js";

function correction(id) {
  const composition = { fields: { correction: ["The quay is closed."] }, blocks: [], kinds: [] };
  const button = { name: "_save", value: "1" };
  return { id, key: "entry:3", user: "7", event: "1", entry: "3", address: "/3", button, composition, at: 0, state: "sending" };
}

test("a form whose correction is being sent already is let go, and the first gets the response", async () => {
  const outcomes = new ItemOutcomes();
  let [arrive, respond] = [() => undefined, () => undefined];
  const posted = new Promise((resolve) => (arrive = resolve));
  const response = new Promise((resolve) => (respond = resolve));
  const outbox = new Outbox({
    user: "7",
    now: () => 0,
    post: () => (arrive(), response),
    upload: async () => undefined,
    logIn: async () => false,
    changed: () => outcomes.leaveWaiting(),
    sent: (item, answer) => outcomes.settle(item, answer),
    refused: () => undefined,
  });
  const first = outcomes.send(outbox, correction("a"));
  await posted;
  assert.equal(await outcomes.send(outbox, correction("b")), undefined);
  respond({ state: "sent" });
  assert.deepEqual(await first, { state: "sent" });
});
