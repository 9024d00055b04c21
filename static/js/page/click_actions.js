/** Whether older updates are being loaded. */
let busy = false;

/** Handles a click on a link or button of the page; each action has its own module.
 * @param {Live.Page} page @param {HTMLAnchorElement} pressed @param {AbortSignal} signal */
export async function onClick(page, pressed, signal) {
  const { player, share, zoom, help, fold, clocks, notify } = pressed.dataset;
  if (player) (await import("./player.js")).play(pressed);
  else if (share) await (await import("./share.js")).share(page, pressed);
  else if (zoom !== undefined) (await import("./lightbox.js")).enlarge(page, pressed);
  else if (help !== undefined) (await import("./shortcuts.js")).help(page);
  else if (fold !== undefined) (await import("./fold.js")).toggleFold(page, pressed);
  else if (notify !== undefined) await (await import("./alerts.js")).showAlerts(page, pressed, signal);
  else if (clocks !== undefined) page.clock?.turn();
  else if (!busy) {
    busy = true;
    const { loadMore } = await import("./load_more.js");
    await loadMore(page, pressed, signal).finally(() => (busy = false));
  }
}
