/** Runs code of the view; an exception is reported to the console and goes no further, because nothing that cannot be
 * shown may end the delivery of what comes after it.
 * @param {() => void} show */
export function shield(show) {
  try {
    show();
  } catch (error) {
    globalThis.reportError?.(error);
  }
}
