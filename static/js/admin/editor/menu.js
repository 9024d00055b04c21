import { Extension } from "@tiptap/core";
import { element, translate } from "../strings.js";
import { icon } from "./icons.js";

/** @typedef {import("@tiptap/core").Editor} Editor */
/** @typedef {import("@tiptap/core").ChainedCommands} Chain */

/**
 * @typedef {object} Item a button of the menu
 * @property {string} label name of its text
 * @property {string} face an icon, or what the button says
 * @property {(chain: any) => Chain} run
 * @property {() => boolean} [isActive]
 * @property {() => boolean} [isEnabled] without it the command itself is asked
 * @property {() => boolean} [isHidden]
 */

/** The buttons above a text, in groups; those whose extension a text lacks are left out. */
export const Menu = Extension.create({
  name: "menu",

  onCreate({ editor }) {
    const menu = element("div", "", { class: "prose-menubar" });
    const updates = groupsOf(editor).flatMap((items) => drawGroup(editor, menu, items));
    const update = () => updates.forEach((each) => each());
    editor.view.dom.before(menu);
    editor.on("transaction", update);
    update();
  },
});

/** @param {Editor} editor @returns {Item[][]} */
function groupsOf(editor) {
  const { nodes, marks } = editor.schema;
  const { levels = [] } = editor.extensionManager.extensions.find(({ name }) => name === "heading")?.options ?? {};
  const groups = [
    levels.map((/** @type {number} */ level) => heading(editor, level)),
    nodes.bulletList ? lists(editor) : [],
    ["bold", "italic"].filter((name) => name in marks).map((name) => mark(editor, name)),
    marks.link ? links(editor) : [],
    nodes.table ? tables(editor) : [],
    [
      { label: "editor_undo", face: "undo", run: (/** @type {any} */ chain) => chain.undo() },
      { label: "editor_redo", face: "redo", run: (/** @type {any} */ chain) => chain.redo() },
    ],
  ];
  return groups.filter(({ length }) => length);
}

/** @param {Editor} editor @param {number} level @returns {Item} */
const heading = (editor, level) => ({
  label: `editor_heading_${level}`,
  face: `heading_${level}`,
  run: (chain) => chain.toggleHeading({ level }),
  isActive: () => editor.isActive("heading", { level }),
  isEnabled: () => true,
});

/** @param {Editor} editor @returns {Item[]} */
const lists = (editor) => [
  { label: "editor_bullets", face: "bullets", run: (chain) => chain.toggleBulletList(), isActive: () => editor.isActive("bulletList") },
  { label: "editor_numbers", face: "numbers", run: (chain) => chain.toggleOrderedList(), isActive: () => editor.isActive("orderedList") },
];

/** @param {Editor} editor @param {string} name @returns {Item} */
const mark = (editor, name) => ({
  label: `editor_${name}`,
  face: name,
  run: (chain) => chain.toggleMark(name),
  isActive: () => editor.isActive(name),
});

/** @param {Editor} editor @returns {Item[]} */
const links = (editor) => [
  {
    label: "editor_link",
    face: "link",
    run: (chain) => chain.editLink(),
    isActive: () => editor.isActive("link"),
    isEnabled: () => !editor.state.selection.empty || editor.isActive("link"),
  },
  { label: "editor_unlink", face: "unlink", run: (chain) => chain.unsetLink(), isHidden: () => !editor.isActive("link") },
];

/** @param {Editor} editor @returns {Item[]} */
function tables(editor) {
  const size = { rows: 3, cols: 2, withHeaderRow: true };
  const isHidden = () => !editor.isActive("table");
  const inside = ["addColumnAfter", "deleteColumn", "addRowAfter", "deleteRow", "mergeCells", "splitCell", "toggleHeaderCell", "deleteTable"];
  return [
    { label: "editor_table", face: "table", run: (chain) => chain.insertTable(size), isHidden: () => !isHidden() },
    ...inside.map((name) => ({ label: `editor_${name}`, face: translate(`editor_${name}`), run: (/** @type {any} */ chain) => chain[name](), isHidden })),
  ];
}

/** @param {Editor} editor @param {Element} menu @param {Item[]} items @returns {(() => void)[]} what updates each button */
function drawGroup(editor, menu, items) {
  const group = element("div", "", { class: "prose-menubar__group" });
  menu.append(group);
  return items.map((item) => {
    const button = drawButton(item);
    group.append(button);
    const isEnabled = item.isEnabled ?? (() => item.run(editor.can().chain()).run());
    button.addEventListener("click", () => {
      if (isEnabled()) item.run(editor.chain().focus()).run();
    });
    return () => {
      const isHidden = item.isHidden?.() ?? false;
      button.classList.toggle("hidden", isHidden);
      if (isHidden) return;
      const isActive = item.isActive?.() ?? false;
      button.classList.toggle("active", isActive);
      if (item.isActive) button.setAttribute("aria-pressed", String(isActive));
      const isDisabled = !isEnabled();
      button.classList.toggle("disabled", isDisabled);
      button.setAttribute("aria-disabled", String(isDisabled));
    };
  });
}

/** @param {Item} item */
function drawButton({ label, face }) {
  const name = translate(label);
  const button = element("button", "", { type: "button", class: `prose-menubar__button ${label}`, title: name, "aria-label": name });
  button.append(icon(face) ?? face);
  return button;
}
