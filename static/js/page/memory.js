/**
 * What this device keeps. Where storage is forbidden, every touch throws; the page then forgets.
 *
 * @template T @param {(storage: Storage) => T} use
 */
export function remembered(use) {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
