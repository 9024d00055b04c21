import assert from "node:assert/strict";
import test from "node:test";
import { placeAt } from "../../static/js/admin/desk/row_moving.js";

test("a place is the number of rows whose middle is above the pointer", () => {
  const middles = [10, 30, 50];
  assert.deepEqual([-5, 9, 10, 29, 30, 49, 50, 500].map((y) => placeAt(middles, y)), [0, 0, 1, 1, 2, 2, 3, 3]);
  assert.equal(placeAt([], 7), 0);
});
