import { openDialog } from "./dialog.js";
import { ask } from "./server_request.js";
import { button, element, translate } from "./strings.js";

/** A dialog with the photos that the live blog has already used. */
export class PicturePicker {
  /** @param {string} address @param {(picture: import("./upload.js").Picture) => void} onChosen */
  constructor(address, onChosen) {
    this.address = address;
    this.onChosen = onChosen;
  }

  async open() {
    const pictures = element("div", translate("loading"), { class: "pictures" });
    const dialog = openDialog("picker", translate("pick"), pictures, button(translate("cancel"), () => dialog.close()));
    const response = await ask(this.address);
    if (!response.pictures) pictures.textContent = response.reason ?? translate("no_line");
    else if (!response.pictures.length) pictures.textContent = translate("no_pictures");
    else pictures.replaceChildren(...response.pictures.map((/** @type {any} */ picture) => this.#choice(picture, dialog)));
  }

  /** @param {import("./upload.js").Picture} picture @param {HTMLDialogElement} dialog */
  #choice(picture, dialog) {
    const choice = button("", () => {
      dialog.close();
      this.onChosen(picture);
    }, "choice");
    const image = element("img", "", { src: picture.preview, alt: picture.alt || picture.caption, loading: "lazy" });
    choice.append(image, element("span", picture.caption || picture.alt || ""));
    return choice;
  }
}
