import { shorten } from "./characters.js";

/* The content of a form as data: read from the form, stored on the device, put back, and sent. */

/**
 * @typedef {object} Block
 * @property {string} kind
 * @property {Record<string, string[]>} values by the field's short name
 * @property {Record<string, string>} [uploads] keys of the uploads that a picture field waits for
 *
 * @typedef {object} Composition
 * @property {Record<string, string[]>} fields by name, outside blocks
 * @property {Block[]} blocks in their order
 * @property {string[]} kinds
 *
 * @typedef {{ name: string, value: string }} Pressed the button
 */

const NOT_CONTENT = /^csrfmiddlewaretoken$|^_|^back$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;
const PLACE = ["region", "ordering"];
export const BLOCK = ".block:not(.empty-form):not([hidden])";

/** @param {HTMLFormElement} form @returns {Composition} */
export function read(form) {
  const blocks = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(BLOCK)]);
  blocks.sort((one, other) => Number(one.style.order) - Number(other.style.order));
  const outside = [...form.elements].filter((control) => !control.closest(".block"));
  return { fields: valuesOf(outside, (name) => name), blocks: blocks.map(readBlock), kinds: kinds(form) };
}

/** The form without its text; selections such as the byline stay. @param {HTMLFormElement} form */
export function emptyComposition(form) {
  const { fields, kinds: all } = read(form);
  const written = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("textarea, input:not([type=hidden], [type=radio])"));
  for (const { name, type } of written) if (name in fields) fields[name] = type === "checkbox" ? [] : [""];
  return { fields, blocks: [{ kind: "text", values: { html: [""] } }], kinds: all };
}

/** @param {HTMLElement} block @returns {Block} */
function readBlock(block) {
  const controls = [...block.querySelectorAll("input, textarea, select")];
  const values = valuesOf(controls, (name) => name.replace(/^[a-z]+-\d+-/, ""));
  for (const name of PLACE) delete values[name];
  const waiting = /** @type {NodeListOf<HTMLElement>} */ (block.querySelectorAll("picture-input[data-upload-key]"));
  /** @type {Record<string, string>} */
  const uploads = {};
  for (const input of waiting) uploads[input.dataset.field ?? ""] = input.dataset.uploadKey ?? "";
  return { kind: block.dataset.kind ?? "", values, uploads };
}

/** @param {HTMLFormElement} form */
function kinds(form) {
  const counters = [...form.querySelectorAll('[name$="-TOTAL_FORMS"]')];
  return counters.map((counter) => (counter.getAttribute("name") ?? "").replace(/-TOTAL_FORMS$/, ""));
}

/** @param {Element[]} controls @param {(name: string) => string} short */
function valuesOf(controls, short) {
  /** @type {Record<string, string[]>} */
  const values = {};
  for (const each of controls) {
    const control = /** @type {HTMLInputElement} */ (each);
    if (!control.name || NOT_CONTENT.test(control.name) || control.disabled) continue;
    if (["file", "submit", "button"].includes(control.type) || control.tagName === "BUTTON") continue;
    const list = (values[short(control.name)] ??= []);
    if (!["checkbox", "radio"].includes(control.type) || control.checked) list.push(control.value);
  }
  return values;
}

/** The data for the server, with the names that Django's formsets expect, numbered in the order of the page.
 * @param {Composition} composition
 * @param {Pressed} button
 * @param {number} [number] see `nextNumber`: the server drops an autosave that comes after one with a higher number */
export function asFormData(composition, button, number) {
  const data = new FormData();
  data.append(button.name, button.value);
  if (number) data.append("number", String(number));
  for (const [name, list] of Object.entries(composition.fields)) for (const value of list) data.append(name, value);
  /** @type {Record<string, number>} */
  const counts = Object.fromEntries(composition.kinds.map((kind) => [kind, 0]));
  composition.blocks.forEach((block, index) => {
    const number = counts[block.kind]++;
    const all = { ...block.values, region: ["main"], ordering: [String(10 * (index + 1))] };
    for (const [name, list] of Object.entries(all)) {
      for (const value of list) data.append(`${block.kind}-${number}-${name}`, value);
    }
  });
  for (const [kind, count] of Object.entries(counts)) {
    data.append(`${kind}-TOTAL_FORMS`, String(count));
    data.append(`${kind}-INITIAL_FORMS`, "0");
  }
  return data;
}

/** Whether two compositions are the same to a reader. @param {Composition} one @param {Composition} other */
export const same = (one, other) => essence(one) === essence(other);

/** @param {Composition} composition */
function essence({ fields, blocks }) {
  const filledFields = Object.entries(fields).filter(([name]) => name !== "key" && name !== "version");
  const filled = blocks.filter((block) => !isBlank(block));
  const lists = filled.map((block) => [block.kind, Object.entries(block.values).sort(), block.uploads ?? {}]);
  return JSON.stringify([filledFields.sort(), lists]);
}

/** @param {Block} block */
export function isBlank(block) {
  const waits = Object.keys(block.uploads ?? {}).length > 0;
  return !waits && Object.values(block.values).every((list) => list.every((value) => plain(value) === ""));
}

/** Whether there is something to read without the blocks whose files are still uploading.
 * @param {Composition} composition */
export function hasWords({ fields, blocks }) {
  return Boolean(fields.headline?.[0]?.trim()) || blocks.some((block) => !isWaiting(block) && !isBlank(block));
}

/** @param {Block} block */
export const isWaiting = (block) => Object.keys(block.uploads ?? {}).length > 0;

/** @param {Composition} composition @returns {Composition} */
export function withoutWaiting(composition) {
  return { ...composition, blocks: composition.blocks.filter((block) => !isWaiting(block)) };
}

/** A copy for the next update: without content, and with a new key. @param {Composition} blank @param {string} key */
export function blankCopy(blank, key) {
  const copy = structuredClone(blank);
  if (copy.fields.key) copy.fields.key = [key];
  copy.blocks = copy.blocks.filter((block) => isBlank(block)).slice(0, 1);
  return copy;
}

const TITLE_WITHIN = 5000; // characters of a text that are looked at for a title

/** The title in lists: the headline, or the first text. @param {Composition} composition */
export function titleOf({ fields, blocks }) {
  const texts = blocks.flatMap((block) => ["html", "text", "caption", "alt", "url"].flatMap((name) => block.values[name] ?? []));
  const starts = [fields.headline?.[0] ?? "", ...texts].map((text) => plain(text.slice(0, TITLE_WITHIN)));
  const first = starts.find((text) => text !== "") ?? "";
  return shorten(first, 80);
}

/** The whole composition as plain text, for the clipboard. @param {Composition} composition */
export function asText({ fields, blocks }) {
  const lines = blocks.map((block) => Object.entries(block.values).filter(([name]) => name !== "image" && name !== "poster"));
  const texts = lines.map((entries) => entries.flatMap(([, list]) => list.map(plain)).filter(Boolean).join("\n"));
  return [fields.headline?.[0] ?? "", ...texts].filter(Boolean).join("\n\n");
}

/** @param {string} html */
export function plain(html) {
  const lines = html.replace(/<(?:\/p|\/li|br)[^<>]*>/g, "\n").replace(/<[^<>]*>/g, "");
  const marks = /** @type {Record<string, string>} */ ({ amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " });
  return lines.replace(/&(amp|lt|gt|quot|nbsp);/g, (_all, name) => marks[name]).trim();
}
