/** Calls a function if the dialog that opens next is closed without a file. Once a file was chosen, opening the dialog
 * again and closing it changes nothing.
 * @param {EventTarget} input of type file @param {() => void} act */
export function onNoChoice(input, act) {
  const dialog = new AbortController();
  const { signal } = dialog;
  input.addEventListener("change", () => dialog.abort(), { signal });
  input.addEventListener("cancel", () => (dialog.abort(), act()), { signal });
}
