import { Editor } from "@tiptap/core";
import { EXTENSIONS } from "./editor/extensions.js";
import { element } from "./strings.js";

/* Turns each text area with settings into an editor of rich text: when the page opens, and in blocks that are added. */

const SETTINGS = "data-django-prose-editor-configurable";
const EMPTY = /^<(\w+)><\/\1>$/;

createIn(document);
document.addEventListener("formset:added", ({ target }) => queueMicrotask(() => createIn(/** @type {Element} */ (target)))); // once it has its text

/** @param {ParentNode} part */
function createIn(part) {
  for (const area of /** @type {NodeListOf<HTMLTextAreaElement>} */ (part.querySelectorAll(`textarea[${SETTINGS}]`))) {
    if (!area.id.includes("__prefix__") && !area.closest(".prose-editor")) create(area);
  }
}

/** @param {HTMLTextAreaElement} area */
function create(area) {
  const place = element("div", "", { class: area.disabled ? "prose-editor disabled" : "prose-editor" });
  area.before(place);
  place.append(area);
  const editor = new Editor({
    element: place,
    editable: !area.disabled,
    extensions: extensionsOf(JSON.parse(area.getAttribute(SETTINGS) ?? "{}").extensions),
    content: area.value,
    injectCSS: false, // css/admin/editor.css has it
    onUpdate() {
      area.value = editor.getHTML().replace(EMPTY, "");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  area.dispatchEvent(new CustomEvent("prose-editor:ready", { bubbles: true }));
}

/** @param {Record<string, object | true>} settings */
function extensionsOf(settings) {
  const known = /** @type {Record<string, any>} */ (EXTENSIONS);
  return Object.entries(settings)
    .filter(([name]) => name in known)
    .map(([name, options]) => (typeof options === "object" ? known[name].configure(options) : known[name]));
}
