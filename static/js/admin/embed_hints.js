import { editorIn } from "./editors.js";
import { recognise } from "./embed_recognition.js";
import { lookUpLink } from "./link_titles.js";
import { element, translate } from "./strings.js";

/* Shows at once what a pasted address becomes, and offers to show one that stands alone in a text as what it is. */

const ADDRESS = 'input[name$="-url"]';

export function setUpEmbedHints() {
  const data = document.getElementById("embed-table")?.textContent;
  if (!data) return;
  /** @type {import("./embed_recognition.js").EmbedTable} */
  const table = JSON.parse(data);
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches(`.block-embed ${ADDRESS}`)) return;
    const embed = recognise(target.value, table);
    showKind(target, embed);
    lookUpLink(target, embed);
  });
  const mark = (/** @type {ParentNode} */ part) => {
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (part.querySelectorAll(`.block-embed ${ADDRESS}`))) {
      markFilm(input, recognise(input.value, table));
    }
  };
  mark(document);
  // A draft fills a block after it was added.
  document.addEventListener("formset:added", () => queueMicrotask(() => mark(document)));
  document.addEventListener("paste", (event) => offer(event, table), true); // before the editor takes it
}

/** @param {HTMLInputElement} input @param {ReturnType<typeof recognise>} embed */
function showKind(input, embed) {
  markFilm(input, embed);
  const line = input.parentElement?.querySelector("[data-becomes]") ?? element("p", "", { class: "quiet", role: "status", "data-becomes": "" });
  if (!line.isConnected) input.after(line); // before it gets its text, so that it is read out
  line.textContent = embed ? translate(`becomes_${embed.kind}`, { host: embed.host }) : "";
}

/** Films have a field for captions. @param {HTMLInputElement} input @param {ReturnType<typeof recognise>} embed */
function markFilm(input, embed) {
  input.closest(".block")?.classList.toggle("is-film", embed?.kind === "video" && embed.isFile);
}

/** @param {ClipboardEvent} event @param {import("./embed_recognition.js").EmbedTable} table */
function offer(event, table) {
  const block = /** @type {Element} */ (event.target).closest(".block-text");
  const address = event.clipboardData?.getData("text/plain").trim() ?? "";
  const kind = recognise(address, table)?.kind ?? "link";
  if (!block || kind === "link" || wordsOf(block)) return;
  withdraw(block);
  const line = element("p", "", { role: "status", "data-offer": "" });
  block.querySelector(".prose-editor")?.after(line); // before it gets its button, so that it is read out
  const button = element("button", translate(`show_${kind}`), { type: "button", class: "btn", "data-show-as": "" });
  button.addEventListener("click", () => moveToEmbed(block, address));
  line.append(button);
  block.closest("form")?.addEventListener("submit", () => withdraw(block), { once: true });
  const onKey = () => {
    if (line.isConnected && wordsOf(block) === address) return;
    line.remove();
    block.removeEventListener("keyup", onKey); // else it would withdraw the offer for a later address
  };
  block.addEventListener("keyup", onKey);
}

/** @param {Element} block */
const wordsOf = (block) => block.querySelector(".prose-editor .ProseMirror")?.textContent?.trim() ?? "";

/** @param {Element} block */
const withdraw = (block) => block.querySelector("[data-offer]")?.remove();

/** @param {Element} block @param {string} address */
function moveToEmbed(block, address) {
  const form = block.closest("form");
  /** @type {HTMLElement | null | undefined} */ (form?.querySelector('[data-add-blocks] [data-add="embed"]'))?.click();
  const input = [...(form?.querySelectorAll(`.block:not(.empty-form) ${ADDRESS}`) ?? [])].at(-1);
  if (!(input instanceof HTMLInputElement) || input.value) return;
  if (wordsOf(block) === address) editorIn(block)?.commands.setContent("");
  withdraw(block);
  input.value = address;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
