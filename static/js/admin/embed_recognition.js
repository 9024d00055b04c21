/**
 * What an address becomes, by the table that the server writes into the page (`updates/content/embed_kinds.py`): nothing
 * is fetched. The server decides again when the update is sent.
 *
 * @typedef {{ rows: { hosts: string[], pattern: string, kind: string, fragment: boolean }[], files: Record<string, string> }} EmbedTable
 */

const LONGEST = 1000; // characters of an address, as on the server

/** @param {string} text @param {EmbedTable} table
 * @returns {{ kind: string, host: string, isFile: boolean } | null} `null` for what is no address */
export function recognise(text, table) {
  const address = addressOf(text.trim());
  if (!address) return null;
  const host = address.hostname.replace(/\.$/, "");
  const target = address.pathname + address.search;
  const row = table.rows.find(
    ({ hosts, pattern, fragment }) =>
      !address.port && (hosts.includes(host) || hosts.includes("*")) && new RegExp(`^(?:${pattern})`).test(target + (fragment ? address.hash : "")),
  );
  const end = /\.[a-z0-9]+$/i.exec(address.pathname)?.[0].toLowerCase() ?? "";
  const file = address.protocol === "https:" ? table.files[end] : undefined;
  return { kind: row?.kind ?? file ?? "link", isFile: !row && file !== undefined, host: host.replace(/^www\./, "") };
}

/** @param {string} text */
function addressOf(text) {
  if (text.length > LONGEST || /\s|\\/.test(text) || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const address = new URL(text);
  return address.username || address.password || !address.hostname.includes(".") ? null : address;
}
