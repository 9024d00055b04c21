/*
 * The editor and content-editor each add a <style> and do not know the page's content policy, which allows only styles
 * with its nonce. This is a classic script before them, because modules would run too late.
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
