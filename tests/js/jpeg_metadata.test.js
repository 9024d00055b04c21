import assert from "node:assert/strict";
import test from "node:test";
import { copyMetadata, segments } from "../../static/js/admin/jpeg_metadata.js";

const bytes = (words) => [...words].map((letter) => letter.charCodeAt(0));
const segment = (marker, data) => [0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data];
const jpeg = (...parts) => new Uint8Array([0xff, 0xd8, ...parts.flat(), 0xff, 0xda, 0, 2, 1, 2, 3]);

const EXIF = bytes("Exif\0\0");
/** One entry, the orientation: "turn me". */
const TURNED = [...bytes("MM"), 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
const TURNED_LITTLE = [...bytes("II"), 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
const XMP = bytes("http://ns.adobe.com/xap/1.0/\0<x/>");
const IPTC = bytes("Photoshop 3.0\x008BIM");
const DRAWN = jpeg(segment(0xe0, bytes("JFIF\0")));

test("caption, name and rights come along; profiles and thumbnails of others do not", () => {
  const original = jpeg(segment(0xe1, XMP), segment(0xe2, bytes("ICC_PROFILE\0")), segment(0xed, IPTC), segment(0xfe, bytes("note")));
  const kinds = segments(copyMetadata(original, DRAWN)).map((part) => part[1]);
  assert.deepEqual(kinds, [0xe1, 0xed, 0xe0]);
});

test("a turned photo is drawn upright, so its note must not turn it again", () => {
  for (const [tiff, value] of [[TURNED, [0, 1]], [TURNED_LITTLE, [1, 0]]]) {
    const [note] = segments(copyMetadata(jpeg(segment(0xe1, [...EXIF, ...tiff])), DRAWN));
    assert.deepEqual([...note.slice(4 + 6 + 18, 4 + 6 + 20)], value);
  }
});

test("what is broken or no JPEG is left out, and the drawing stays whole", () => {
  const broken = jpeg(segment(0xe1, [...EXIF, ...bytes("MM"), 0, 42, 255, 255, 255, 255]));
  assert.deepEqual(copyMetadata(broken, DRAWN), DRAWN);
  assert.deepEqual(copyMetadata(new Uint8Array(bytes("\x89PNG")), DRAWN), DRAWN);
  assert.deepEqual(copyMetadata(jpeg([0xff, 0xe1, 0xff, 0xff, 1]), DRAWN), DRAWN);
});
