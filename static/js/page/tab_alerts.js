/** While the page is hidden, shows a notification of each key event that is published.
 * It needs no push service: the open page itself receives the update, so it stays connected while it is hidden. */

/** Seconds for which a hidden page stays connected. */
const A_DAY = 86_400;

/** What ends the notifications. @type {(() => void) | undefined} */
let end;

/** @param {Live.Page} page @param {AbortSignal} signal ends with the page */
export function start(page, signal) {
  stop();
  const { visibility } = page;
  const wait = visibility.hiddenClose;
  let newest = Number(page.root.dataset.seq);
  const look = () => {
    const entries = page.store.entries.filter(({ seq }) => seq > newest);
    newest = Math.max(newest, ...entries.map(({ seq }) => seq));
    if (!document.hidden) return;
    for (const entry of entries) if (entry.op === "put" && entry.key && entry.kind === "publish") notify(page, entry);
  };
  visibility.hiddenClose = A_DAY;
  document.addEventListener("liveblog:updates", look);
  end = () => {
    visibility.hiddenClose = wait;
    document.removeEventListener("liveblog:updates", look);
  };
  signal.addEventListener("abort", stop);
}

export function stop() {
  end?.();
  end = undefined;
}

/** Returns whether this browser lets a page show notifications: phones leave that to service workers. */
export function canNotify() {
  try {
    new Notification("", { silent: true }).close();
    return true;
  } catch {
    return false;
  }
}

/** @param {Live.Page} page @param {Live.EntryPut} entry */
function notify(page, { id, title }) {
  const heading = document.querySelector("h1")?.textContent?.trim() || location.hostname;
  const shown = new Notification(heading, { body: title, tag: id, lang: document.documentElement.lang });
  shown.addEventListener("click", () => {
    window.focus();
    page.timeline.reveal();
    shown.close();
  });
}
