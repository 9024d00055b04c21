import assert from "node:assert/strict";
import { test } from "node:test";

import { HIDDEN, looksOfClasses, scriptIn } from "../../static/js/admin/pasted_styles.js";

test("a class is as the sheets of the document say", () => {
  const looks = looksOfClasses(`<STYLE type="text/css"><!-- p.MsoNormal {margin:0cm}
    .xl65, td.Struck {text-decoration:Line-Through} .c5{vertical-align : super}
    .a .b{display:none} @media print{.c{display:none}} --></STYLE><p class=xl65>`);
  assert.deepEqual(
    ["msonormal", "xl65", "struck", "c5", "b", "c", "sr-only"].map((name) => looks.get(name)),
    [undefined, "display:none", "display:none", "vertical-align:sup", undefined, undefined, "display:none"],
  );
});

test("names of properties may be written in any way", () => {
  assert.match("DISPLAY : NONE !important", HIDDEN);
  assert.doesNotMatch("opacity:0.5;display:block", HIDDEN);
});

test("text is raised or lowered as Word and browsers write it", () => {
  assert.equal(scriptIn("position:relative;top:-3.0pt;mso-text-raise:3.0pt"), "sup");
  assert.equal(scriptIn("mso-text-raise:-2.0pt"), "sub");
  assert.equal(scriptIn("Vertical-Align: SUB"), "sub");
  assert.ok(!scriptIn("mso-text-raise:0cm;vertical-align:baseline"));
});
