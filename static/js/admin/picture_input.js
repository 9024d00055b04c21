import { PicturePicker } from "./picture_picker.js";
import { element, say } from "./strings.js";
import { findUpload, startUpload } from "./upload.js";

/** @typedef {import("./upload.js").Upload} Upload */
/** @typedef {import("./upload.js").Picture} Picture */

/** A picture field. In the form of an update the file is uploaded at once, with progress and errors beside it; in other
 * forms it is shown and sent with the form. */
export class PictureInput extends HTMLElement {
  /** @type {Upload | undefined} */
  #upload;
  /** @type {HTMLElement | undefined} */
  #note;

  connectedCallback() {
    this.dataset.field = this.#kept.name.replace(/^[a-z]+-(?:\d+|__prefix__)-/, "");
    this.addEventListener("change", this.#chosen);
    this.#file.multiple = Boolean(this.#line && this.closest(".block-photo")); // a form sends only one file
    if (this.#line && !this.querySelector("[data-pick]")) {
      this.append(element("button", say("pick"), { type: "button", class: "btn", "data-pick": "" }));
    }
    this.querySelector("[data-pick]")?.addEventListener("click", this.#pick);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#chosen);
    this.querySelector("[data-pick]")?.removeEventListener("click", this.#pick);
    this.#upload?.removeEventListener("change", this.#show);
  }

  /** How files are uploaded here; undefined outside the form of an update. */
  get #line() {
    const safety = /** @type {any} */ (this.closest("entry-composer")?.querySelector("entry-safety"));
    return /** @type {import("./upload.js").Means | undefined} */ (safety?.line);
  }

  get #kept() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[type=hidden]"));
  }

  get #file() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[type=file]"));
  }

  /** Upload a file that was chosen, pasted or dropped here. @param {File} file */
  take(file) {
    const line = this.#line;
    if (!line) return;
    this.#upload?.giveUp();
    this.#kept.value = "";
    this.#preview(URL.createObjectURL(file), file.name, true);
    this.#follow(startUpload(file, line));
  }

  /** Continue an upload that a draft waits for, or show the picture whose id the draft holds. @param {string} key */
  async restore(key) {
    const line = this.#line;
    if (key && line) {
      this.dataset.uploadKey = key;
      const upload = await findUpload(key, line);
      if (upload) {
        this.#preview(URL.createObjectURL(upload.file), "", true);
        this.#follow(upload);
      } else this.#say(say("file_gone"), true);
    } else if (this.#kept.value) {
      this.#preview(this.dataset.previews?.replace("0000000000", this.#kept.value) ?? "", say("chosen"));
    }
  }

  /** Show a picture that the server has. @param {Picture} picture */
  set(picture) {
    this.#upload?.removeEventListener("change", this.#show);
    this.#upload = undefined;
    delete this.dataset.uploadKey;
    this.#kept.value = picture.id;
    this.#preview(picture.preview, say("chosen"));
    this.#offer(picture);
    this.#say("");
    this.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
  }

  #chosen = (/** @type {Event} */ event) => {
    const [file, ...more] = event.target === this.#file ? (this.#file.files ?? []) : [];
    if (!file) return;
    if (!this.#line) return this.#preview(URL.createObjectURL(file), file.name, true);
    this.take(file);
    this.#file.value = ""; // files are uploaded separately, not sent with the form
    if (more.length) this.dispatchEvent(new CustomEvent("picture:more", { bubbles: true, detail: more }));
    setTimeout(() => focusWords(this)); // after what puts the caret into each new block
  };

  #pick = () => {
    const line = this.#line;
    const desk = /** @type {any} */ (this.closest("entry-composer")?.querySelector("entry-safety"));
    if (line) new PicturePicker(desk.dataset.pictures ?? "", (picture) => this.set(picture)).open();
  };

  /** @param {Upload} upload */
  #follow(upload) {
    this.#upload?.removeEventListener("change", this.#show);
    this.#upload = upload;
    this.dataset.uploadKey = upload.key;
    upload.addEventListener("change", this.#show);
    this.#show();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #show = () => {
    const upload = this.#upload;
    if (!upload) return;
    if (upload.state === "done" && upload.picture) this.set(upload.picture);
    else if (upload.state === "refused") this.#refused(upload);
    else this.#say(say(upload.state, { share: Math.round(100 * upload.share) }), false, upload.share);
  };

  /** Remove the file and keep the text. @param {Upload} upload */
  #refused(upload) {
    this.#upload = undefined;
    delete this.dataset.uploadKey;
    this.querySelector("[data-preview]")?.remove();
    this.#say(upload.reason, true);
    upload.giveUp();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} text @param {boolean} [wrong] @param {number} [share] */
  #say(text, wrong = false, share) {
    this.#note ??= element("div", "", { class: "upload" });
    if (!this.#note.isConnected) this.#file.after(this.#note);
    let bar = this.#note.querySelector("progress");
    if (share === undefined) bar?.remove();
    else {
      bar ??= /** @type {HTMLProgressElement} */ (element("progress", "", { "aria-label": say("uploading") }));
      bar.value = share;
    }
    const words = element("p", text, wrong ? { class: "upload-problem", role: "alert" } : {});
    if (bar?.isConnected && this.#note.lastElementChild) this.#note.lastElementChild.textContent = text;
    else this.#note.replaceChildren(...(bar && share !== undefined ? [bar] : []), ...(text ? [words] : []));
  }

  /** @param {string} source @param {string} alt @param {boolean} [ours] */
  #preview(source, alt, ours = false) {
    const image = document.createElement("img");
    image.dataset.preview = "";
    image.alt = alt;
    if (ours) image.onload = () => URL.revokeObjectURL(source);
    image.onerror = () => image.remove(); // most browsers cannot show HEIC
    image.src = source;
    this.querySelector("[data-preview]")?.remove();
    this.#file.before(image);
  }

  /** Fill empty fields with the file's metadata. @param {Picture} picture */
  #offer(picture) {
    const block = this.closest(".block-photo");
    for (const name of /** @type {("alt" | "caption" | "credit")[]} */ (["alt", "caption", "credit"])) {
      const field = /** @type {HTMLInputElement | null | undefined} */ (block?.querySelector(`[name$="-${name}"]`));
      if (field && !field.value.trim() && picture[name]) field.value = picture[name] ?? "";
    }
  }
}

/** Focus the photo's alt text, which has to be written next. @param {Element} input */
export function focusWords(input) {
  /** @type {HTMLElement | null | undefined} */ (input.closest(".block-photo")?.querySelector('[name$="-alt"]'))?.focus();
}
