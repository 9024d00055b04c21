import assert from "node:assert/strict";
import test from "node:test";
import { find, tokenize } from "../../static/js/admin/editor/addresses.js";

const links = (text) => find(text).map(({ value, href }) => (value === href ? value : `${value} → ${href}`));

test("addresses are found as people write them, without the punctuation around them", () => {
  assert.deepEqual(links("See https://a.example/x?y=1#z, then (http://b.example/c_(d))."), ["https://a.example/x?y=1#z", "http://b.example/c_(d)"]);
  assert.deepEqual(links("www.ok.example und ok.example/x"), ["www.ok.example → https://www.ok.example", "ok.example/x → https://ok.example/x"]);
  assert.deepEqual(links("Write to desk@paper.example!"), ["desk@paper.example → mailto:desk@paper.example"]);
  assert.deepEqual(links("spiegel.de, bbc.co.uk, müller.de:8000/x"), ["spiegel.de → https://spiegel.de", "bbc.co.uk → https://bbc.co.uk", "müller.de:8000/x → https://müller.de:8000/x"]);
  assert.deepEqual(links("mailto:a@b.example tel:+441234"), ["mailto:a@b.example", "tel:+441234"]);
});

test("words are no addresses", () => {
  for (const words of ["", "e.g. at 3.5 m", "p.m. The end.It holds", "20:14", "node.js", "a@b", "javascript:alert(1)", "@harbour", "1.2.3", "…", "/x", "https://"]) {
    assert.deepEqual(links(words), [], words);
  }
});

test("a word is cut into its address and what surrounds it", () => {
  const parts = (text) => tokenize(text).map((token) => token.toObject()).map(({ value, isLink }) => [value, isLink]);
  assert.deepEqual(parts("(www.ok.example)"), [["(", false], ["www.ok.example", true], [")", false]]);
  assert.deepEqual(parts("gate"), [["gate", false]]);
});

test("a long text takes no time", () => {
  const began = process.cpuUsage();
  find("a.".repeat(20_000));
  find("a-".repeat(20_000));
  find("(((".repeat(10_000));
  find(`www.ok.example/${")".repeat(50_000)}`);
  const { user, system } = process.cpuUsage(began);
  assert.ok(user + system < 2_000_000);
});
