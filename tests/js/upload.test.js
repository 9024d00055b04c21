import assert from "node:assert/strict";
import test from "node:test";
import { startUpload } from "../../static/js/admin/upload.js";

const SIZE = 10;
const FILE = new Blob(["x".repeat(35)]);
const PICTURE = { id: "abc", preview: "/p", width: 3, height: 2, caption: "", credit: "" };

/** A server that takes parts as the real one does, over a line that is cut when `cuts` says so. */
function server({ cuts = () => false, refuse, logins = 0 } = {}) {
  const have = new Set();
  const log = [];
  const waits = [];
  const means = {
    user: "7",
    partSize: SIZE,
    async send(form) {
      const index = Number(form.get("index"));
      log.push(index);
      if (logins-- > 0) return { status: 401, body: { state: "login" } };
      if (cuts(log.length) === "before") return { status: 0, body: null };
      if (refuse) return { status: 422, body: { reason: refuse } };
      assert.equal(form.get("part").size, Math.min(SIZE, FILE.size - index * SIZE));
      have.add(index);
      const missing = [0, 1, 2, 3].filter((part) => !have.has(part));
      if (cuts(log.length) === "after") return { status: 0, body: null };
      return { status: 200, body: missing.length ? { missing } : PICTURE };
    },
    logIn: async () => true,
    wait: async (seconds) => void waits.push(seconds),
  };
  return { means, log, waits };
}

test("parts go one after the other, and progress only grows", async () => {
  const { means, log } = server();
  const upload = startUpload(FILE, means);
  const shares = [];
  upload.addEventListener("change", () => shares.push(upload.share));
  await upload.finished;
  assert.deepEqual([log, upload.state, upload.picture], [[0, 1, 2, 3], "done", PICTURE]);
  assert.deepEqual(shares, [...shares].sort((one, other) => one - other));
});

test("a cut costs one part, whether it or the answer was lost", async () => {
  const { means, log, waits } = server({ cuts: (count) => ({ 2: "before", 4: "after" })[count] });
  const upload = startUpload(FILE, means);
  await upload.finished;
  assert.deepEqual([log, upload.state, waits.length], [[0, 1, 1, 2, 2, 3], "done", 2]);
});

test("it never gives up on a line that stays away, and waits longer each time", async () => {
  const { means, log, waits } = server({ cuts: (count) => (count <= 40 ? "before" : undefined) });
  const upload = startUpload(FILE, means);
  await upload.finished;
  assert.equal(upload.state, "done");
  assert.equal(log.length, 44);
  assert.ok(Math.max(...waits) > 5 && Math.max(...waits) <= 20);
});

test("a refused file is not sent again, and says why", async () => {
  const { means, log } = server({ refuse: "This is not a picture." });
  const upload = startUpload(FILE, means);
  await upload.finished;
  assert.deepEqual([log, upload.state, upload.reason], [[0], "refused", "This is not a picture."]);
});

test("after a login it goes on", async () => {
  const { means, log } = server({ logins: 1 });
  const upload = startUpload(FILE, means);
  await upload.finished;
  assert.deepEqual([log, upload.state], [[0, 0, 1, 2, 3], "done"]);
});

test("an upload that nobody wants any more stops", async () => {
  const { means, log } = server({ cuts: () => "before" });
  const upload = startUpload(FILE, means);
  means.wait = async () => upload.cancel();
  await upload.finished;
  assert.deepEqual([log.length, upload.isOver], [1, false]);
});

test("many at once take turns", async () => {
  let open = 0;
  let most = 0;
  const { means } = server();
  const send = async () => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return { status: 200, body: PICTURE };
  };
  const all = Array.from({ length: 6 }, () => startUpload(FILE, { ...means, send }));
  await Promise.all(all.map((upload) => upload.finished));
  assert.equal(most, 2);
  assert.ok(all.every((upload) => upload.state === "done"));
});
