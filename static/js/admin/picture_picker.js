import { ask } from "./server_request.js";
import { button, element, say } from "./strings.js";

/** A dialog with the photos that the live blog has already used. */
export class PicturePicker {
  /** @param {string} address @param {(picture: import("./upload.js").Picture) => void} chosen */
  constructor(address, chosen) {
    this.address = address;
    this.chosen = chosen;
  }

  async open() {
    const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "", { class: "desk picker", "aria-labelledby": "picker-title" }));
    const room = element("div", say("loading"), { class: "pictures" });
    dialog.append(element("h2", say("pick"), { id: "picker-title" }), room, button(say("cancel"), () => dialog.close()));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    const told = await ask(this.address);
    if (!told.pictures) room.textContent = told.reason ?? say("no_line");
    else if (!told.pictures.length) room.textContent = say("no_pictures");
    else room.replaceChildren(...told.pictures.map((/** @type {any} */ picture) => this.#offer(picture, dialog)));
  }

  /** @param {import("./upload.js").Picture} picture @param {HTMLDialogElement} dialog */
  #offer(picture, dialog) {
    const press = button("", () => {
      dialog.close();
      this.chosen(picture);
    }, "choice");
    const image = element("img", "", { src: picture.preview, alt: picture.alt || picture.caption, loading: "lazy" });
    press.append(image, element("span", picture.caption || picture.alt || ""));
    return press;
  }
}
