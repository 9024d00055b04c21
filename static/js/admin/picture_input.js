import { PicturePicker } from "./picture_picker.js";
import { element, translate } from "./strings.js";
import { findUpload, startUpload } from "./upload.js";

/** @typedef {import("./upload.js").Upload} Upload */
/** @typedef {import("./upload.js").Picture} Picture */

/** A picture field. In the form of an update the file is uploaded at once, with progress and errors beside it; in other
 * forms it is shown and sent with the form. */
export class PictureInput extends HTMLElement {
  /** @type {Upload | undefined} */
  #upload;
  /** @type {HTMLElement | undefined} */
  #status;

  connectedCallback() {
    this.dataset.field = this.#value.name.replace(/^[a-z]+-(?:\d+|__prefix__)-/, "");
    this.addEventListener("change", this.#onChange);
    this.#file.multiple = Boolean(this.#transport && this.closest(".block-photo")); // a form sends only one file
    if (this.#transport && !this.querySelector("[data-pick]")) {
      this.append(element("button", translate("pick"), { type: "button", class: "btn", "data-pick": "" }));
    }
    this.querySelector("[data-pick]")?.addEventListener("click", this.#openPicker);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#onChange);
    this.querySelector("[data-pick]")?.removeEventListener("click", this.#openPicker);
    this.#upload?.removeEventListener("change", this.#onUpload);
  }

  /** How files are uploaded here; undefined outside the form of an update. */
  get #transport() {
    const safety = /** @type {any} */ (this.closest("entry-composer")?.querySelector("entry-safety"));
    return /** @type {import("./upload.js").Transport | undefined} */ (safety?.transport);
  }

  get #value() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[type=hidden]"));
  }

  get #file() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[type=file]"));
  }

  /** Upload a file that was chosen, pasted or dropped here. @param {File} file */
  take(file) {
    const transport = this.#transport;
    if (!transport) return;
    this.#upload?.cancel();
    this.#value.value = "";
    this.#fillFields({});
    this.#preview(URL.createObjectURL(file), file.name, true);
    this.#follow(startUpload(file, transport));
  }

  /** Continue an upload that a draft waits for, or show the picture whose id the draft holds. @param {string} key */
  async restore(key) {
    const transport = this.#transport;
    if (key && transport) {
      this.dataset.uploadKey = key;
      const upload = await findUpload(key, transport);
      if (upload) {
        this.#preview(URL.createObjectURL(upload.file), "", true);
        this.#follow(upload);
      } else this.#showStatus(translate("file_gone"), true);
    } else if (this.#value.value) {
      this.#preview(this.dataset.previews?.replace("0000000000", this.#value.value) ?? "", translate("chosen"));
    }
  }

  /** Show a picture that the server has. @param {Picture} picture */
  set(picture) {
    this.#upload?.removeEventListener("change", this.#onUpload);
    this.#upload = undefined;
    delete this.dataset.uploadKey;
    this.#value.value = picture.id;
    this.#preview(picture.preview, translate("chosen"));
    this.#fillFields(picture);
    this.#showStatus("");
    this.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
  }

  /** Take a picture away, if it is still the one that is shown. @param {string} id */
  withdraw(id) {
    if (this.#value.value !== id) return;
    this.#value.value = "";
    this.querySelector("[data-preview]")?.remove();
    this.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
  }

  #onChange = (/** @type {Event} */ event) => {
    const [file, ...more] = event.target === this.#file ? (this.#file.files ?? []) : [];
    if (!file) return;
    if (!this.#transport) return this.#preview(URL.createObjectURL(file), file.name, true);
    this.take(file);
    this.#file.value = ""; // files are uploaded separately, not sent with the form
    if (more.length) this.dispatchEvent(new CustomEvent("picture:more", { bubbles: true, detail: more }));
    setTimeout(() => focusAltText(this)); // after what puts the caret into each new block
  };

  #openPicker = () => {
    const transport = this.#transport;
    const desk = /** @type {any} */ (this.closest("entry-composer")?.querySelector("entry-safety"));
    if (transport) new PicturePicker(desk.dataset.pictures ?? "", (picture) => this.set(picture)).open();
  };

  /** @param {Upload} upload */
  #follow(upload) {
    this.#upload?.removeEventListener("change", this.#onUpload);
    this.#upload = upload;
    this.dataset.uploadKey = upload.key;
    upload.addEventListener("change", this.#onUpload);
    this.#onUpload();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #onUpload = () => {
    const upload = this.#upload;
    if (!upload) return;
    if (upload.state === "done" && upload.picture) this.set(upload.picture);
    else if (upload.state === "refused") this.#onRefused(upload);
    else this.#showStatus(translate(upload.state, { share: Math.round(100 * upload.share) }), false, upload.share);
  };

  /** Remove the file and keep the text. @param {Upload} upload */
  #onRefused(upload) {
    this.#upload = undefined;
    delete this.dataset.uploadKey;
    this.querySelector("[data-preview]")?.remove();
    this.#showStatus(upload.reason, true);
    upload.cancel();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} text @param {boolean} [isError] @param {number} [share] */
  #showStatus(text, isError = false, share) {
    this.#status ??= element("div", "", { class: "upload" });
    if (!this.#status.isConnected) this.#file.after(this.#status);
    let bar = this.#status.querySelector("progress");
    if (share === undefined) bar?.remove();
    else {
      bar ??= /** @type {HTMLProgressElement} */ (element("progress", "", { "aria-label": translate("uploading") }));
      bar.value = share;
    }
    const words = element("p", text, isError ? { class: "upload-problem", role: "alert" } : {});
    if (bar?.isConnected && this.#status.lastElementChild) this.#status.lastElementChild.textContent = text;
    else this.#status.replaceChildren(...(bar && share !== undefined ? [bar] : []), ...(text ? [words] : []));
  }

  /** @param {string} source @param {string} alt @param {boolean} [isLocal] */
  #preview(source, alt, isLocal = false) {
    const image = document.createElement("img");
    image.dataset.preview = "";
    image.alt = alt;
    if (isLocal) image.onload = () => URL.revokeObjectURL(source);
    image.onerror = () => image.remove(); // most browsers cannot show HEIC
    image.src = source;
    this.querySelector("[data-preview]")?.remove();
    this.#file.before(image);
  }

  /** Fill fields with the picture's own words: those that are empty or still have the words of the picture before.
   * @param {Partial<Picture>} picture */
  #fillFields(picture) {
    const block = this.closest(".block-photo");
    for (const name of /** @type {("alt" | "caption" | "credit")[]} */ (["alt", "caption", "credit"])) {
      const field = /** @type {HTMLInputElement | null | undefined} */ (block?.querySelector(`[name$="-${name}"]`));
      if (!field || (field.value.trim() && field.value !== field.dataset.filled)) continue;
      field.value = field.dataset.filled = picture[name] ?? "";
    }
  }
}

/** Focus the photo's alt text, which has to be written next. @param {Element} input */
export function focusAltText(input) {
  /** @type {HTMLElement | null | undefined} */ (input.closest(".block-photo")?.querySelector('[name$="-alt"]'))?.focus();
}
