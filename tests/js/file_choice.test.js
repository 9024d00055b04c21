import assert from "node:assert/strict";
import { test } from "node:test";

import { onNoChoice } from "../../static/js/admin/file_choice.js";

/** How often the function is called. @param {string[]} events */
function callsAfter(...events) {
  const input = new EventTarget();
  let calls = 0;
  onNoChoice(input, () => calls++);
  for (const name of events) input.dispatchEvent(new Event(name));
  return calls;
}

test("a dialog that is closed without a file calls once", () => {
  assert.equal(callsAfter("cancel"), 1);
  assert.equal(callsAfter("cancel", "cancel"), 1);
});

test("a chosen photo stays where the dialog is opened again and closed", () => {
  assert.equal(callsAfter("change", "cancel"), 0);
});
