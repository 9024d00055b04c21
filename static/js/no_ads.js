/*
 * Turns advertisements off for readers whom the site has marked, before the page is drawn, so that nothing moves. Pages are
 * the same for everybody and come from shared caches; the mark is a cookie, or an entry of the header Server-Timing, which
 * a proxy adds to each response.
 */
const { name } = /** @type {HTMLElement} */ (document.currentScript).dataset;
const [cookie] = document.cookie.split("; ").filter((pair) => pair.startsWith(`${name}=`));
const [opened] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
const isMarked = (cookie && !/=(0|)$/.test(cookie)) || opened?.serverTiming?.some((entry) => entry.name === name);
if (isMarked) document.documentElement.dataset.noAds = "";
