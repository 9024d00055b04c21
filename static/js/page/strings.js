/** The texts that scripts show, in the event's language; the server writes them into the page as JSON. */
export class Strings {
  #plural = new Intl.PluralRules(document.documentElement.lang || "en");
  /** @type {Record<string, any>} */
  #all = JSON.parse(document.getElementById("live-strings")?.textContent ?? "{}");

  /** @param {string} key @param {string | number} [n] @returns {string} */
  get(key, n = "") {
    return (this.#all[key] ?? "").replace("{n}", n);
  }

  /** @param {string} key @param {number} n @param {string | number} [shown] instead @returns {string} */
  plural(key, n, shown = n) {
    const forms = this.#all[key] ?? {};
    return (forms[this.#plural.select(n)] ?? forms.other ?? "").replace("{n}", shown);
  }
}
