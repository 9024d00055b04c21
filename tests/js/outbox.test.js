import assert from "node:assert/strict";
import test from "node:test";
import { Outbox } from "../../static/js/admin/outbox.js";
import { STALE } from "../../static/js/admin/staleness.js";

const text = (html) => ({ kind: "text", values: { html: [html] } });
const photo = (key) => ({ kind: "photo", values: { image: [""], alt: ["A quay"] }, uploads: { image: key } });

function item(id, blocks = [text("<p>Words</p>")], more = {}) {
  const composition = { fields: { headline: [id], key: [id] }, blocks, kinds: ["text", "photo"] };
  const button = { name: "_publish", value: "1" };
  return { id, key: id, user: "7", event: "1", entry: "", address: "/add", button, composition, at: 0, state: "sending", ...more };
}

/** A page's outbox whose server answers what it is response to, in turn. */
function page(...answers) {
  const posts = [];
  const heard = { sent: [], refused: [], logins: 0 };
  const state = { now: 0, uploads: {} };
  const outbox = new Outbox({
    user: "7",
    now: () => state.now,
    post: async (address, data) => {
      posts.push([address, Object.fromEntries(data)]);
      return answers.shift() ?? { state: "sent" };
    },
    upload: async (key) => state.uploads[key],
    logIn: async () => (heard.logins++, false),
    changed: () => undefined,
    sent: (one) => heard.sent.push(one.id),
    refused: (one) => heard.refused.push(one.id),
  });
  const states = () => outbox.items.map((one) => `${one.id} ${one.state}`);
  return { outbox, posts, heard, state, states };
}

test("what is taken is gone from the outbox", async () => {
  const { outbox, posts, heard, states } = page();
  await outbox.add(item("a"));
  assert.deepEqual([posts.length, heard.sent, states()], [1, ["a"], []]);
  assert.deepEqual(posts[0][1], {
    _publish: "1", headline: "a", key: "a", "text-0-html": "<p>Words</p>", "text-0-region": "main", "text-0-ordering": "10",
    "text-TOTAL_FORMS": "1", "text-INITIAL_FORMS": "0", "photo-TOTAL_FORMS": "0", "photo-INITIAL_FORMS": "0",
  });
});

test("without a line all wait, and go in their order with the same keys", async () => {
  const { outbox, posts, states } = page({ state: "offline" }, { state: "busy" });
  await outbox.add(item("a"));
  await outbox.add(item("b"));
  assert.deepEqual(states(), ["a queued", "b queued"]);
  await outbox.pump();
  assert.deepEqual(states(), []);
  assert.deepEqual(posts.map(([, data]) => data.key), ["a", "a", "a", "b"]);
});

test("a refusal stays and holds nobody up", async () => {
  const { outbox, heard, states } = page({ state: "refused", reason: "It has ended." });
  await Promise.all([outbox.add(item("a")), outbox.add(item("b"))]);
  await outbox.pump();
  assert.deepEqual([states(), heard.refused, heard.sent], [["a refused"], ["a"], ["b"]]);
  assert.equal(outbox.items[0].response.reason, "It has ended.");
});

test("what waited for more than five minutes asks first", async () => {
  const { outbox, posts, state, states } = page({ state: "offline" });
  await outbox.add(item("a"));
  state.now = STALE + 1;
  await outbox.pump();
  assert.deepEqual([states(), posts.length], [["a ask"], 1]);
  await outbox.confirm(outbox.items[0]);
  assert.deepEqual([states(), posts.length], [[], 2]);
});

test("a login that has ended is asked for once, and nothing is sent meanwhile", async () => {
  const { outbox, posts, heard, states } = page({ state: "login" });
  await outbox.add(item("a"));
  assert.deepEqual([states(), heard.logins, posts.length], [["a login"], 1, 1]);
});

test("what waited while the clock was put back asks first", async () => {
  const { outbox, posts, state, states } = page({ state: "offline" });
  state.now = 60 * STALE;
  await outbox.add({ ...item("a"), at: 60 * STALE });
  state.now = 48 * STALE;
  await outbox.pump();
  assert.deepEqual([states(), posts.length], [["a ask"], 1]);
});

test("words go out before their photo, which follows as a change of that version", async () => {
  const entry = { pk: 5, version: 1, change: "/5/change/" };
  const { outbox, posts, state, states } = page({ state: "sent", entry });
  const upload = { isOver: false, reason: "", finished: new Promise(() => undefined) };
  state.uploads.k = upload;
  await outbox.add(item("a", [text("<p>Words</p>"), photo("k")]));
  assert.deepEqual([states(), posts[0][1]["photo-TOTAL_FORMS"]], [["a photo"], "0"]);
  state.now = 2 * STALE; // the words are out: the photo asks nothing
  Object.assign(upload, { isOver: true, picture: { id: "abc" } });
  await outbox.pump();
  const [address, data] = posts[1];
  assert.deepEqual([address, data._save, data.version, data["photo-0-image"]], ["/5/change/", "1", "1", "abc"]);
  assert.deepEqual([states(), posts.length], [[], 2]);
});

test("a photo without words waits until it is up", async () => {
  const { outbox, posts, state, states } = page();
  const upload = { isOver: false, reason: "", finished: new Promise(() => undefined) };
  state.uploads.k = upload;
  const alone = item("a", [photo("k")]);
  alone.composition.fields.headline = [""];
  await outbox.add(alone);
  assert.deepEqual([states(), posts.length], [["a photo"], 0]);
  upload.picture = { id: "abc" };
  await outbox.pump();
  assert.deepEqual([states(), posts[0][1]["photo-0-image"]], [[], "abc"]);
});

test("a photo that the server refused, or that this device has lost, refuses the update with the reason", async () => {
  const { outbox, posts, state } = page();
  state.uploads.k = { isOver: true, reason: "Too large.", finished: Promise.resolve() };
  await outbox.add(item("a", [text("<p>Words</p>"), photo("k")]));
  await outbox.add(item("b", [photo("unknown")]));
  assert.deepEqual(outbox.items.map((one) => one.response.reason), ["Too large.", "file_gone"]);
  assert.equal(posts.length, 0);
});

test("a change that is sent again takes the place of the one that waits", async () => {
  const { outbox, posts } = page({ state: "offline" }, { state: "offline" });
  await outbox.add(item("entry:5", [text("<p>First</p>")]));
  await outbox.add(item("entry:5", [text("<p>Second</p>")]));
  await outbox.pump();
  assert.deepEqual(posts.at(-1)[1]["text-0-html"], "<p>Second</p>");
  assert.equal(outbox.items.length, 0);
});

/** An outbox whose first post is on its way until it is let go. */
function held() {
  const all = page();
  let go;
  const first = new Promise((resolve) => (go = resolve));
  const post = all.outbox.page.post;
  let count = 0;
  all.outbox.page.post = async (address, data) => {
    await post(address, data);
    return count++ ? { state: "sent" } : first;
  };
  return { ...all, go };
}

const sending = (id, key, words, more = {}) => ({ ...item(key, [text(words)], more), id });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("what a form sends while its first words are on their way goes after them", async () => {
  const { outbox, posts, heard, go, states } = held();
  const first = outbox.add(sending("a", "k", "<p>First</p>"));
  await settled();
  const second = outbox.add(sending("b", "k", "<p>Second</p>"));
  await settled();
  assert.deepEqual([states(), posts.length], [["a sending", "b sending"], 1]);
  go({ state: "sent", entry: { pk: 5, version: 1, status: "draft" } });
  await Promise.all([first, second]);
  assert.deepEqual([posts.map(([, data]) => data["text-0-html"]), heard.sent, states()], [
    ["<p>First</p>", "<p>Second</p>"], ["a", "b"], [],
  ]);
});

test("a second change goes upon the version that the first has made", async () => {
  const { outbox, posts, go } = held();
  const first = outbox.add(sending("a", "entry:5", "<p>First</p>", { entry: "5" }));
  await settled();
  const second = outbox.add(sending("b", "entry:5", "<p>Second</p>", { entry: "5" }));
  go({ state: "sent", entry: { pk: 5, version: 8 } });
  await Promise.all([first, second]);
  assert.deepEqual(posts.map(([, data]) => data.version), [undefined, "8"]);
});

test("the same button pressed twice sends once", async () => {
  const { outbox, posts, go, states } = held();
  const first = outbox.add(sending("a", "k", "<p>Words</p>"));
  await settled();
  await outbox.add(sending("b", "k", "<p>Words</p>"));
  go({ state: "sent" });
  await first;
  assert.deepEqual([posts.length, states()], [1, []]);
});

test("a refusal of the first words gives way to the second ones", async () => {
  const { outbox, posts, heard, go, states } = held();
  const first = outbox.add(sending("a", "k", "<p>First</p>"));
  await settled();
  const second = outbox.add(sending("b", "k", "<p>Second</p>"));
  go({ state: "refused", reason: "Too long." });
  await Promise.all([first, second]);
  assert.deepEqual([posts.length, heard.refused, heard.sent, states()], [2, [], ["b"], []]);
});

test("somebody else's login is no refusal while a login is asked for", async () => {
  const { outbox, heard, states } = page({ state: "login" }, { state: "stranger" }, { state: "stranger" });
  let asking = true;
  outbox.page.isLoginOpen = () => asking;
  await outbox.add(item("a"));
  await outbox.pump();
  assert.deepEqual([states(), heard.refused], [["a login"], []]);
  asking = false;
  await outbox.pump();
  assert.deepEqual([states(), heard.refused], [["a refused"], ["a"]]);
});

test("the form hears of words whose photo follows as it sent them, with the photo that is up by then", async () => {
  const { outbox, state } = page({ state: "sent", entry: { pk: 5, version: 1, change: "/5/change/", status: "scheduled" } });
  const upload = { isOver: false, reason: "", finished: new Promise(() => undefined) };
  Object.assign(state.uploads, { k: upload, l: { ...upload } });
  const { post } = outbox.page;
  outbox.page.post = (...all) => (Object.assign(upload, { isOver: true, picture: { id: "abc" } }), post(...all));
  const heard = [];
  outbox.page.sent = (one) => heard.push([one.entry, one.address, one.followsUp, structuredClone(one.composition.blocks)]);
  await outbox.add(item("a", [text("<p>Words</p>"), photo("k"), photo("l")]));
  const [entry, address, follows, [, first, second]] = heard[0];
  assert.deepEqual([entry, address, follows], ["", "/add", undefined]);
  assert.deepEqual([first.values.image, first.uploads, second.uploads], [["abc"], {}, { image: "l" }]);
});

test("each attempt to send it waits for what has to come first", async () => {
  const { outbox, posts } = page({ state: "offline" });
  const one = item("a");
  const versions = ["1", "2"];
  await outbox.enqueue(one, async () => (one.composition.fields.version = [versions.shift()]));
  await outbox.pump();
  await outbox.pump();
  assert.deepEqual(posts.map(([, data]) => data.version), ["1", "2"]);
});

test("what is laid into it is there at once, and is sent after what it waits for", async () => {
  const { outbox, posts, states } = page();
  let go;
  await outbox.enqueue(item("a"), () => new Promise((resolve) => (go = resolve)));
  const sent = outbox.pump();
  await settled();
  assert.deepEqual([states(), posts.length], [["a sending"], 0]);
  go();
  await sent;
  assert.deepEqual([states(), posts.length], [[], 1]);
});

test("one that was refused makes no other wait", async () => {
  const { outbox, states } = page({ state: "offline" }, { state: "refused" }, { state: "refused" });
  await outbox.add(item("a"));
  await outbox.pump();
  const next = item("b");
  await outbox.add(next);
  assert.deepEqual([states(), outbox.items[0].waited, next.waited], [["a refused", "b refused"], true, false]);
});
