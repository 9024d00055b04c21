import { copyMetadata } from "./jpeg_metadata.js";

const LONGEST_SIDE = 3200; // pixels; the server keeps no more
const READABLE_WIDTH = 800; // pixels that the server keeps of the width, so that a tall screenshot is readable
const MOST_PIXELS = 25_000_000; // for photos only the server accepts more
/** Formats that may be transparent, each with one that browsers write and that keeps it.
 * @type {Record<string, string>} */
const TRANSPARENT = {
  "image/png": "image/png",
  "image/gif": "image/png",
  "image/webp": "image/webp",
  "image/avif": "image/webp",
};

/** Scale a photo down to what the server keeps. Returns the file itself if it is small, or if the browser cannot read
 * it (HEIC, mostly). On a phone's connection this takes a quarter of the time.
 * @param {Blob} file
 * @returns {Promise<Blob>} */
export async function scaledDown(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  try {
    const readable = picture.width >= READABLE_WIDTH ? READABLE_WIDTH / picture.width : 0;
    const share = Math.max(LONGEST_SIDE / Math.max(picture.width, picture.height), readable);
    if (share >= 1) return file;
    const drawn = await draw(picture, share, TRANSPARENT[file.type] ?? "image/jpeg");
    // Even if the result has more bytes, as with flat colours.
    const mustShrink = picture.width * picture.height > MOST_PIXELS;
    return drawn && (mustShrink || drawn.size < file.size) ? await withMetadata(file, drawn) : file;
  } finally {
    picture.close();
  }
}

/** @param {ImageBitmap} picture @param {number} share @param {string} type @returns {Promise<Blob | null>} */
function draw(picture, share, type) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * share);
  canvas.height = Math.round(picture.height * share);
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, type, 0.9));
}

/** @param {Blob} file @param {Blob} drawn */
async function withMetadata(file, drawn) {
  if (drawn.type !== "image/jpeg") return drawn;
  const head = new Uint8Array(await file.slice(0, 512 * 1024).arrayBuffer());
  return new Blob([copyMetadata(head, new Uint8Array(await drawn.arrayBuffer()))], { type: "image/jpeg" });
}
