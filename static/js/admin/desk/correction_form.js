import { editorIn } from "../editors.js";
import { button, element, translate } from "../strings.js";

const LEFT_OUT = ".empty-form, .tools, [data-same], h3, .fold, .bar, .above > .help, [data-feedback], [name=csrfmiddlewaretoken], [type=file], .errornote";
const REFERENCES = ["id", "for", "aria-describedby", "aria-labelledby"];

const HIDDEN = ".opts, #embed-group, .field-until"; // sent as they are

/** Makes the form of a correction in a row from that of its page: the note first, then headline, texts, quotes and photos.
 * Returns nothing if the page has no note to readers.
 * @param {Document} page @param {string} pk @param {{ leave: () => void, openPage: () => void }} handlers */
export function correctionForm(page, pk, { leave, openPage }) {
  const whole = page.querySelector("form.write");
  const send = whole?.querySelector("[data-send]");
  if (!whole?.querySelector(".note-to-readers") || !send) return null;
  const form = /** @type {HTMLFormElement} */ (element("form", "", { class: "correction stack", method: "post", novalidate: "", "data-correction": "" }));
  const bar = element("div", "", { class: "send" });
  bar.append(document.importNode(send, true), ...exitButtons(leave, openPage));
  for (const part of whole.querySelectorAll(LEFT_OUT)) part.remove();
  for (const part of whole.querySelectorAll("entry-blocks, picture-input")) part.replaceWith(plain(part));
  for (const part of whole.querySelectorAll(HIDDEN)) part.setAttribute("hidden", "");
  for (const block of whole.querySelectorAll(".block")) keepOrder(/** @type {HTMLElement} */ (block));
  for (const name of REFERENCES) for (const part of whole.querySelectorAll(`[${name}]`)) rename(part, name, `row-${pk}-`);
  form.append(...[...whole.childNodes].map((each) => document.importNode(each, true)), bar);
  return form;
}

/** @param {() => void} leave @param {() => void} openPage */
export function exitButtons(leave, openPage) {
  const buttons = [button(translate("leave_as_is"), leave), button(translate("open_form"), openPage, "link")];
  for (const each of buttons) each.dataset.exit = "";
  return buttons;
}

/** The same without the behaviour of the composer. @param {Element} part */
function plain(part) {
  const copy = part.ownerDocument.createElement("div");
  copy.className = part.className || "blocks";
  copy.append(...part.childNodes);
  return copy;
}

/** The order of blocks among those of other kinds. @param {HTMLElement} block */
function keepOrder(block) {
  block.style.order = /** @type {HTMLInputElement | null} */ (block.querySelector("[name$=-ordering]"))?.value ?? "";
}

/** The composer beside it has the same ids. @param {Element} part @param {string} name @param {string} prefix */
function rename(part, name, prefix) {
  const ids = (part.getAttribute(name) ?? "").split(" ").filter(Boolean);
  part.setAttribute(name, ids.map((id) => prefix + id).join(" "));
}

/** Puts what was typed earlier into a form with the same blocks; whether it has them.
 * @param {HTMLFormElement} form @param {import("../composition.js").Composition} composition */
export function refill(form, { fields, blocks }) {
  const places = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".block")]);
  places.sort((one, other) => Number(one.style.order) - Number(other.style.order));
  const hasSame = places.length === blocks.length && places.every((place, index) => place.dataset.kind === blocks[index].kind);
  if (!hasSame || blocks.some((block) => Object.keys(block.uploads ?? {}).length)) return false;
  setAll([...form.elements].filter((control) => !control.closest(".block")), fields);
  places.forEach((place, index) => {
    setAll([...place.querySelectorAll("input, textarea, select")], blocks[index].values);
    if (place.dataset.kind === "text") editorIn(place)?.commands.setContent(blocks[index].values.html[0]);
  });
  return true;
}

/** @param {Element[]} controls @param {Record<string, string[]>} values by full or short name */
function setAll(controls, values) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const each of controls) {
    const control = /** @type {HTMLInputElement} */ (each);
    const list = values[control.name] ?? values[control.name.replace(/^[a-z]+-\d+-/, "")];
    if (!list) continue;
    if (["checkbox", "radio"].includes(control.type)) control.checked = list.includes(control.value);
    else control.value = list[(counts[control.name] = (counts[control.name] ?? -1) + 1)] ?? "";
  }
}
