/** The language of the site's strings, which need not be that of the event. */
export const stringsLanguage = () => globalThis.document?.body.lang || globalThis.document?.documentElement.lang || "en";

/** The texts that scripts show, in the event's language; the server writes them into the page as JSON. */
export class Strings {
  #plural = new Intl.PluralRules(stringsLanguage());
  /** @type {Record<string, any>} */
  #all = JSON.parse(document.getElementById("live-strings")?.textContent ?? "{}");

  /** @param {string} key @param {string | number} [n] @returns {string} */
  get(key, n = "") {
    return (this.#all[key] ?? "").replace("{n}", n);
  }

  /** @param {string} key @param {number} n @param {string | number} [number] as it is to be shown @returns {string} */
  plural(key, n, number = n) {
    const forms = this.#all[key] ?? {};
    return (forms[this.#plural.select(n)] ?? forms.other ?? "").replace("{n}", number);
  }
}
