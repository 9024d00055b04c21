import { setUpShortcuts } from "./desk/shortcuts.js";
import { DetailsPanel } from "./desk/details_panel.js";
import { setUpPreview } from "./desk/preview.js";
import { DeskPulse } from "./desk/pulse.js";
import { setUpCaptionFiles } from "./captions_file.js";
import { setUpCopying } from "./copy_code.js";
import { fitComposer } from "./desk/composer_height.js";
import { countDrafts } from "./desk/drafts_number.js";
import { DeskTimeline } from "./desk/timeline.js";
import { labelEditors } from "./editors.js";
import { setUpEmbedHints } from "./embed_hints.js";
import { EntryBlocks } from "./entry_blocks.js";
import { EntryComposer } from "./entry_composer.js";
import { EntrySafety } from "./entry_safety.js";
import { watchLimits } from "./field_limits.js";
import { LastAction } from "./last_action.js";
import { guardLogout } from "./logout.js";
import { setUpMenus } from "./menus.js";
import { PictureInput } from "./picture_input.js";
import { SharedThings, setUpApp } from "./shares.js";
import { ZoneClock } from "./zone_clock.js";

/* One script for every page of the admin: parts of it share what is open on this device. */

labelEditors();
setUpMenus();
watchLimits();
setUpEmbedHints();
setUpCopying();
setUpCaptionFiles();
customElements.define("last-action", LastAction);
customElements.define("entry-safety", EntrySafety); // before the pictures, which ask it how files are sent
customElements.define("picture-input", PictureInput);
customElements.define("entry-blocks", EntryBlocks);
customElements.define("entry-composer", EntryComposer);
customElements.define("desk-timeline", DeskTimeline);
customElements.define("desk-panel", DetailsPanel);
customElements.define("desk-pulse", DeskPulse);
customElements.define("shared-things", SharedThings);
customElements.define("zone-clock", ZoneClock);
setUpShortcuts();
setUpPreview();
countDrafts();
fitComposer();
guardLogout();
setUpApp();
