/*
 * The editor and content-editor each put a <style> into the page and know nothing of our policy, which allows
 * only those with this page's nonce. Loaded before them, and not as a module: modules would run too late.
 */
(() => {
  const { nonce } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const createElement = document.createElement;
  document.createElement = function (/** @type {string} */ name, /** @type {any} */ options) {
    const element = createElement.call(this, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
})();
