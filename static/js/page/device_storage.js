/** Uses localStorage; returns undefined where the browser forbids it, as every access then throws.
 * @template T @param {(storage: Storage) => T} use */
export function withStorage(use) {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
