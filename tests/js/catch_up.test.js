import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import { CatchUp, Polling, changesUrl } from "../../static/js/live/catch_up.js";
import { Store, Stream } from "../../static/js/live/sequence.js";
import { Event, dice } from "./newsroom.js";

/** A server that hands each question to `reply`, and a reader at 0 who asks it. */
async function line(t, reply) {
  const requests = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url, "http://here").searchParams;
    requests.push(query);
    const { status = 200, headers = {}, body = {}, text = JSON.stringify(body) } = reply(query, requests.length);
    response.writeHead(status, headers).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const store = new Store();
  const replies = [];
  const outlets = {
    deliver: (items) => items.forEach((item) => store.take(item)),
    behind: (told) => catchUp.ask(told),
    renew: (epoch) => replies.push({ renew: epoch }),
  };
  const stream = new Stream("e", 0, outlets);
  const url = `http://127.0.0.1:${server.address().port}/changes`;
  const catchUp = new CatchUp(url, stream, { base: 0.005, cap: 0.05 }, (reply) => replies.push(reply));
  return { requests, catchUp, replies, store, stream };
}

function eventWith(changes) {
  const event = new Event();
  const roll = dice(changes);
  while (event.head < changes) event.operate(roll);
  return event;
}

test("the address carries the position, and the told head past caches", () => {
  assert.equal(changesUrl("/storm/changes", "e f", 3, 3), "/storm/changes?after=3&epoch=e%20f");
  assert.equal(changesUrl("/storm/changes", "e", 3, 9), "/storm/changes?after=3&epoch=e&at=9");
});

test("a long absence is fetched part by part", async (t) => {
  const event = eventWith(40);
  const reply = (query) => ({ body: event.answer(Number(query.get("after")), 5) });
  const { requests, catchUp, store, stream } = await line(t, reply);
  await catchUp.ask();
  assert.equal(stream.seq, event.head);
  assert.deepEqual(new Map(store.entries.map((item) => [item.id, item])), event.items);
  assert.equal(requests.length, Math.ceil(event.items.size / 5));
});

test("an answer older than the told head is applied and asked again", async (t) => {
  const [old, event] = [eventWith(4), eventWith(9)];
  const { requests, catchUp, stream } = await line(t, (query, n) => ({
    body: (n < 3 ? old : event).answer(Number(query.get("after")), 50),
  }));
  await catchUp.ask(event.head);
  assert.equal(stream.seq, event.head);
  assert.deepEqual(requests.map((query) => [query.get("after"), query.get("at")]), [
    ["0", String(event.head)],
    [String(old.head), String(event.head)],
    [String(old.head), String(event.head)],
  ]);
});

test("one question is out at a time, and a head told meanwhile is waited for", async (t) => {
  const [old, event] = [eventWith(4), eventWith(9)];
  const { requests, catchUp, stream } = await line(t, (query, n) => ({
    body: (n < 2 ? old : event).answer(Number(query.get("after")), 50),
  }));
  const first = catchUp.ask();
  assert.equal(catchUp.ask(event.head), first);
  await first;
  assert.equal(stream.seq, event.head);
  assert.equal(requests.length, 2);
});

test("a refusal is asked again, after the time it names", async (t) => {
  const event = eventWith(3);
  const { catchUp, replies, stream } = await line(t, (query, n) =>
    n < 3 ? { status: 503, headers: n < 2 ? {} : { "Retry-After": "0.05" } } : { body: event.answer(0, 50) },
  );
  await catchUp.ask();
  assert.equal(stream.seq, 3);
  assert.equal(replies.length, 3);
  assert.ok(replies[1].after >= 0.05);
});

test("broken JSON is no answer", async (t) => {
  const event = eventWith(3);
  const reply = (query, n) => (n < 2 ? { text: "<!doctype html>" } : { body: event.answer(0, 50) });
  const { catchUp, stream } = await line(t, reply);
  await catchUp.ask();
  assert.equal(stream.seq, 3);
});

test("what is gone is not asked again", async (t) => {
  const { requests, catchUp, replies } = await line(t, () => ({ status: 404 }));
  await catchUp.ask(7);
  assert.equal(requests.length, 1);
  assert.equal(replies[0].gone, true);
});

test("another epoch is passed on", async (t) => {
  const { catchUp, replies } = await line(t, () => ({ body: { epoch: "f", head: 2, reset: true } }));
  await catchUp.ask();
  assert.deepEqual(replies[0], { renew: "f" });
});

test("once stopped it says and asks nothing more", async (t) => {
  const { requests, catchUp, replies, stream } = await line(t, () => ({ body: eventWith(3).answer(0, 50) }));
  const running = catchUp.ask();
  catchUp.stop();
  await running;
  assert.equal(stream.seq, 0);
  assert.deepEqual(replies, []);
  assert.ok(requests.length <= 1);
});

test("polling asks at its interval until stopped", async () => {
  let requests = 0;
  const thrice = Promise.withResolvers?.() ?? deferred();
  const polling = new Polling(async () => void (++requests === 3 && thrice.resolve()), () => 0.005);
  const run = polling.start();
  polling.start(); // a second start changes nothing
  await thrice.promise;
  polling.stop();
  await run;
  assert.equal(requests, 3);
  assert.equal(polling.running, false);
});

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => (made.resolve = resolve));
  return made;
}

test("polling goes on after an exception", async () => {
  let requests = 0;
  const thrice = deferred();
  const ask = async () => {
    if (++requests === 3) thrice.resolve();
    throw new Error("cannot be drawn");
  };
  const polling = new Polling(ask, () => 0.005);
  const run = polling.start();
  await thrice.promise;
  polling.stop();
  await run;
});

test("what the view cannot show does not hold up the stream", async (t) => {
  const event = eventWith(4);
  const { catchUp, stream } = await line(t, (query) => ({ body: event.answer(Number(query.get("after")), 100) }));
  const fails = () => {
    throw new Error("cannot be drawn");
  };
  Object.assign(stream.listener, { deliver: fails, audience: fails, confirm: fails });
  await catchUp.ask();
  assert.equal(stream.seq, event.head);
  stream.receive({ t: "ops", prev: event.head, seq: event.head + 1, items: [], count: 1, readers: 3, ask: {} });
  assert.equal(stream.seq, event.head + 1);
});

test("what could not be shown does not end catch-up", async (t) => {
  const event = eventWith(4);
  const { catchUp, stream } = await line(t, (query) => ({ body: event.answer(Number(query.get("after")), 100) }));
  let broken = true;
  const answered = stream.receiveAnswer.bind(stream);
  stream.receiveAnswer = (answer) => {
    if (broken) throw new Error("cannot be drawn");
    answered(answer);
  };
  await assert.rejects(catchUp.ask(), /cannot be drawn/);
  broken = false;
  await catchUp.ask();
  assert.equal(stream.seq, event.head);
});
