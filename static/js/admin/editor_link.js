import { Link as EditorLink, Table as EditorTable } from "django-prose-editor/editor";

/** Links with the schemes that the server's cleaner allows, and no others. The editor's own link registers them with
 * its URL finder each time a text block is added, which the finder reports on the console as too late; it knows them
 * already. */
export const Link = EditorLink.extend({
  addOptions() {
    const inherited = /** @type {any} */ (this).parent?.();
    return { ...inherited, defaultProtocol: "https", isAllowedUri };
  },
  onCreate() {},
  onDestroy() {},
});

/** Tables that begin with two columns and a row of headings, without a dialog that asks for their size first. */
export const Table = EditorTable.extend({
  addCommands() {
    const inherited = /** @type {any} */ (this).parent?.();
    const size = { rows: 3, cols: 2, withHeaderRow: true };
    return { ...inherited, insertTableWithOptions: () => (/** @type {any} */ { commands }) => commands.insertTable(size) };
  },
});

/** @param {string} address @param {{ protocols: string[] }} allowed */
function isAllowedUri(address, { protocols }) {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(address)?.[1];
  return scheme === undefined || protocols.includes(scheme.toLowerCase());
}
