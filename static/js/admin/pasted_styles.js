/*
 * What style sheets of pasted documents say of classes: Excel and Google Docs strike and hide text so. The rules are those
 * of the server (`updates/content/style_sheets.py`).
 */

export const HIDDEN =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0(?![.0-9]*[1-9])|line-through|mso-hide\s*:\s*all|mso-(?:element|special-character)\s*:\s*comment/i;
const SCRIPT = /vertical-align\s*:\s*(sup|sub)|mso-text-raise\s*:\s*(-?)[1-9]/i;

const KNOWN = ["msodel", "screen-reader-text", "sr-only", "visually-hidden"];

/** Whether a style raises or lowers text. @param {string} style */
export function scriptIn(style) {
  const match = SCRIPT.exec(style);
  return match && (match[1]?.toLowerCase() === "sub" || match[2] ? "sub" : "sup");
}

/** The style of each class that is hidden, struck, raised or lowered. @param {string} html @returns {Map<string, string>} */
export function looksOfClasses(html) {
  const looks = new Map(KNOWN.map((name) => [name, "display:none"]));
  for (const part of html.toLowerCase().split("<style").slice(1)) {
    const sheet = part.split("</style")[0];
    for (const rule of sheet.slice(sheet.indexOf(">") + 1).split("}")) {
      const brace = rule.indexOf("{");
      const look = lookOf(rule.slice(brace + 1));
      if (brace < 0 || !look) continue;
      for (const selector of rule.slice(0, brace).split(",")) {
        const name = /^\w*\.([\w-]+)$/.exec(selector.trim().replace(/^<!--\s*/, ""))?.[1];
        if (name) looks.set(name, look);
      }
    }
  }
  return looks;
}

/** @param {string} body */
function lookOf(body) {
  const script = scriptIn(body);
  return HIDDEN.test(body) ? "display:none" : script && `vertical-align:${script}`;
}
