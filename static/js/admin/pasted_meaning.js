/*
 * Keeps what markup means beside the words, which the editor would drop: the rules are those of the server
 * (`updates/content/source_markup.py` and `superscripts.py`), so that people see before sending what will be published.
 */

import { HIDDEN, looksOfClasses, scriptIn } from "./pasted_styles.js";

const LEFT_OUT = 'annotation, del, rp, s, strike, [hidden], [href^="#_msocom_"]';
const UNSAID = "annotation, rp"; // alternatives of what is shown
const EMOJI = /^(?=.*[\p{Emoji_Presentation}\ufe0f])[\p{Emoji}\p{Emoji_Component}]{1,20}$/u;
/** @type {Record<string, string[]>} the places of the first and second child of a formula */
const FORMULAS = { mfrac: ["sup", "sub"], msup: ["", "sup"], msub: ["", "sub"] };
/** @type {Record<string, [string, string]>} from the characters to those that replace them */
const CHARACTERS = {
  sup: ["0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ"],
  sub: ["0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"],
};
const FRACTIONS = new Map([..."½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒↉"].map((sign) => [sign.normalize("NFKC"), sign]));

/** Change the pasted document so that its text alone means the same.
 * @param {HTMLElement} body @param {string} source with the document's style sheets
 * @returns {string[]} the texts left out because they were deleted, struck or hidden */
export function keepMeaning(body, source) {
  const looks = looksOfClasses(source);
  /** @type {StyleOf} */
  const styleOf = (element) =>
    [element.getAttribute("style"), ...[...element.classList].map((name) => looks.get(name.toLowerCase()))].join(";");
  const leftOut = removeHidden(body, styleOf);
  for (const image of body.querySelectorAll("img")) if (EMOJI.test(image.alt)) image.replaceWith(image.alt);
  for (const quote of body.querySelectorAll("q")) quote.replaceWith("“", ...quote.childNodes, "”");
  for (const reading of body.querySelectorAll("rt")) reading.replaceWith("(", ...reading.childNodes, ")");
  for (const fraction of body.querySelectorAll("mfrac")) fraction.firstElementChild?.after("/");
  raiseAndLower(body, styleOf);
  return leftOut;
}

/** @typedef {(element: Element) => string} StyleOf the style of an element and that of its classes */

/** @param {HTMLElement} body @param {StyleOf} styleOf */
function removeHidden(body, styleOf) {
  const hidden = [...body.querySelectorAll(`${LEFT_OUT}, [style], [class]`)].filter(
    (each) => each.matches(LEFT_OUT) || HIDDEN.test(styleOf(each)),
  );
  const outermost = hidden.filter((each) => !hidden.some((other) => other !== each && other.contains(each)));
  for (const each of outermost) each.remove();
  const texts = outermost.filter((each) => !each.matches(UNSAID)).map((each) => (each.textContent ?? "").replace(/\s+/g, " ").trim());
  return texts.filter(Boolean);
}

/** @param {HTMLElement} body @param {StyleOf} styleOf */
function raiseAndLower(body, styleOf) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  /** @type {{ node: Text, script: string }[]} */
  const runs = [];
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    if (node.data) runs.push({ node, script: scriptOf(node, body, styleOf) });
  }
  for (const { node, script } of runs) if (script) node.data = scripted(node.data, script);
  runs.forEach(({ node, script }, index) => {
    const [upper, slash] = runs.slice(Math.max(0, index - 2), index);
    if (script !== "sub" || upper?.script !== "sup" || !/^\s*[/⁄]\s*$/.test(slash?.node.data ?? "")) return;
    upper.node.data = fraction(upper.node.data.trim(), node.data.trim());
    slash.node.data = node.data = "";
  });
}

/** Whether a text stands raised or lowered; the innermost element decides.
 * @param {Node} text @param {Element} body @param {StyleOf} styleOf */
function scriptOf(text, body, styleOf) {
  for (let child = text, outer = text.parentElement; outer && outer !== body; child = outer, outer = outer.parentElement) {
    const name = outer.localName;
    if (name === "sup" || name === "sub") return name;
    const style = scriptIn(styleOf(outer));
    const place = FORMULAS[name]?.[[...outer.children].indexOf(/** @type {Element} */ (child))];
    if (style || place) return style ?? place ?? "";
  }
  return "";
}

/** “6” as “⁶”. Words such as the “th” of 4<sup>th</sup> stay plain letters. @param {string} text @param {string} script */
function scripted(text, script) {
  if ([...text.trim()].length !== 1 && !/\d/.test(text)) return text;
  const [plain, signs] = CHARACTERS[script].map((all) => [...all]);
  return [...text].map((sign) => signs[plain.indexOf(sign)] ?? sign).join("");
}

/** @param {string} upper @param {string} lower */
const fraction = (upper, lower) => FRACTIONS.get(`${upper}⁄${lower}`.normalize("NFKC")) ?? `${upper}⁄${lower}`;
