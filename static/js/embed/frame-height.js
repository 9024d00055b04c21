import { ASK, HEIGHT } from "./height.js";

/* For pages that frame a live blog: gives each frame the height of its content. */

const LEAST = 60;
const MOST = 20_000; // pixels

addEventListener("message", ({ source, origin, data }) => {
  if (data?.type !== HEIGHT || !(data.height > 0)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow !== source || !frame.src || new URL(frame.src).origin !== origin) continue;
    frame.style.height = `${Math.min(MOST, Math.max(LEAST, data.height))}px`;
  }
});

// Frames that were there before this script have sent their height already. The question is no secret.
for (const frame of /** @type {NodeListOf<HTMLIFrameElement>} */ (document.querySelectorAll('iframe[src*="/embed/"]'))) {
  frame.contentWindow?.postMessage({ type: ASK }, "*");
}
