import { shorten } from "./characters.js";
import { cleanPasted } from "./paste.js";
import { element, translate } from "./strings.js";
import { joinWrappedLines } from "./wrapped_lines.js";

const SHOWN = 120; // characters of a text that was left out

/*
 * The rich text editor hides the text area with its label and shows a box without an accessible name. An editor may
 * exist before this module runs, or appear later with a new block.
 */

/**
 * @typedef {{ setOptions(options: object): void, commands: { focus(): boolean, scrollIntoView(): boolean, setContent(html: string): boolean },
 *   state: any, view: any }} Editor what is used of Tiptap and of ProseMirror below it
 */

export function labelEditors() {
  for (const box of document.querySelectorAll(".prose-editor .ProseMirror")) labelBox(box);
  document.addEventListener("prose-editor:ready", (event) => {
    const box = /** @type {Element} */ (event.target).closest(".prose-editor")?.querySelector(".ProseMirror");
    if (box) labelBox(box);
  });
}

/** Put the caret into the text of a block, now or as soon as its editor is ready. @param {Element} block */
export function focusText(block) {
  const box = block.querySelector(".prose-editor .ProseMirror");
  if (box) editorOf(box)?.commands.focus();
  else block.addEventListener("prose-editor:ready", () => focusText(block), { once: true });
}

/** Scroll to the caret. */
export function scrollToCaret() {
  const box = document.activeElement?.closest(".ProseMirror");
  if (box) editorOf(box)?.commands.scrollIntoView();
}

/** @param {Element} box */
function labelBox(box) {
  const id = box.closest(".prose-editor")?.querySelector("textarea")?.id;
  const label = id ? document.querySelector(`label[for="${CSS.escape(id)}"]`) : null;
  const name = label?.textContent?.trim();
  if (!name) return;
  const margin = { top: 60, right: 0, bottom: 130, left: 0 }; // the tabs and buttons that stick to the screen's edges
  const attributes = { role: "textbox", "aria-multiline": "true", "aria-label": name, spellcheck: "true", dir: "auto" };
  const scrolling = { scrollMargin: margin, scrollThreshold: margin };
  editorOf(box)?.setOptions({ editorProps: { attributes, transformPastedHTML: (/** @type {string} */ html) => paste(box, html), transformPastedText: joinWrappedLines, ...scrolling } });
}

/** Clean what is pasted, and say what was left out of it. @param {Element} box @param {string} pasted */
function paste(box, pasted) {
  const { html, leftOut } = cleanPasted(pasted);
  const editor = box.closest(".prose-editor");
  const line = editor?.parentElement?.querySelector("[data-left-out]") ?? element("p", "", { class: "quiet", role: "status", "data-left-out": "" });
  if (!line.isConnected) editor?.after(line); // before it gets its text, so that it is read out
  line.textContent = leftOut.length ? translate("left_out", { text: shorten(leftOut.join(" · "), SHOWN) }) : "";
  return html;
}

/** The first editor in a part of the page. @param {Element} part */
export function editorIn(part) {
  const box = part.querySelector(".prose-editor .ProseMirror");
  return box ? editorOf(box) : undefined;
}

/** Tiptap stores itself on the element that it edits. @param {Element} box */
function editorOf(box) {
  return /** @type {{ editor?: Editor }} */ (/** @type {unknown} */ (box)).editor;
}
