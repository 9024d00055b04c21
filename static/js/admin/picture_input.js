/** Shows a chosen picture before it is sent; the server's preview comes with the form that returns. */
export class PictureInput extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.#show);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#show);
  }

  #show = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.type === "file" && input.files?.[0];
    if (!file) return;
    const image = document.createElement("img");
    image.dataset.preview = "";
    image.alt = file.name;
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => image.remove(); // HEIC, which most browsers cannot show
    image.src = URL.createObjectURL(file);
    this.querySelector("[data-preview]")?.remove();
    input.before(image);
  };
}
