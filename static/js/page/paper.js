/** Prepares the page for paper: whole addresses, and lists that are open where the style sheet cannot open them.
 * @param {HTMLElement} root @param {AbortSignal} signal */
export function preparePaper(root, signal) {
  const prepare = () => {
    for (const article of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("article.entry"))) {
      const link = /** @type {HTMLAnchorElement | null} */ (article.querySelector(".when a"));
      if (link) article.dataset.address = link.href;
    }
    if (CSS.supports("selector(::details-content)")) return;
    for (const list of /** @type {NodeListOf<HTMLDetailsElement>} */ (root.querySelectorAll("details.keys"))) list.open = true;
  };
  addEventListener("beforeprint", prepare, { signal });
}
