import { EntryBlocks } from "./entry_blocks.js";
import { EntryComposer } from "./entry_composer.js";
import { nameEditors } from "./editors.js";
import { PictureInput } from "./picture_input.js";

nameEditors();
customElements.define("picture-input", PictureInput);
customElements.define("entry-blocks", EntryBlocks);
customElements.define("entry-composer", EntryComposer);
