import { Link as TiptapLink } from "@tiptap/extension-link";
import { openDialog } from "../dialog.js";
import { button, element, translate } from "../strings.js";

/** Links with the schemes that the server's cleaner allows, and no others; Ctrl+K writes their address. */
export const Link = TiptapLink.extend({
  addOptions() {
    const none = { target: null, rel: null, class: null }; // the server writes them
    return { .../** @type {any} */ (this.parent?.()), openOnClick: false, HTMLAttributes: none, defaultProtocol: "https", isAllowedUri };
  },

  addCommands() {
    const inherited = /** @type {any} */ (this.parent?.());
    return { ...inherited, editLink: () => (/** @type {any} */ { editor }) => askAddress(editor) };
  },

  addKeyboardShortcuts() {
    return { "Mod-k": ({ editor }) => askAddress(editor) };
  },
});

/** @param {string} address @param {any} allowed */
function isAllowedUri(address, { protocols }) {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(address)?.[1];
  return scheme === undefined || protocols.includes(scheme.toLowerCase());
}

/** Ask for the address of the selected words, or of the link with the caret. @param {any} editor */
function askAddress(editor) {
  const isThere = editor.isActive("link");
  if (editor.state.selection.empty && !isThere) return false;
  const { href = "", title = "" } = editor.getAttributes("link");
  const form = element("form");
  const dialog = openDialog("link", translate(isThere ? "editor_change_link" : "editor_link"), form);
  const cancel = button(translate("cancel"), () => dialog.close());
  const actions = element("div", "", { class: "row-actions" });
  actions.append(element("button", translate("editor_set_link"), { class: "btn go" }), cancel);
  form.append(field("href", "editor_address", href), field("title", "editor_title", title), actions);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (form)));
    dialog.close();
    const chain = editor.chain().focus();
    if (isThere) chain.extendMarkRange("link");
    if (given.href) chain.setMark("link", { href: given.href, title: given.title || null }).run();
    else chain.unsetMark("link").run();
  });
  /** @type {HTMLElement} */ (form.querySelector("input")).focus();
  return true;
}

/** @param {string} name @param {string} label @param {string | null} value */
function field(name, label, value) {
  const line = element("div", "", { class: "field" });
  const id = `link-${name}`;
  const dir = name === "href" ? "ltr" : "auto";
  line.append(element("label", translate(label), { for: id }), element("input", "", { id, name, dir, value: value ?? "", autocomplete: "off" }));
  return line;
}
