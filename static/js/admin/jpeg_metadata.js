/*
 * Copies what a photographer wrote into a JPEG (caption, name) into a smaller drawing of it, which a browser makes
 * without. The orientation is set to upright, as the drawing is. The server reads this metadata and then removes it.
 * Readers such as exifr cannot do this: they parse metadata, but do not write it.
 */

const EXIF = "Exif\0\0";
const XMP = "http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP = "Photoshop 3.0\0";
const ORIENTATION = 0x0112;

/** @param {Uint8Array} from the original @param {Uint8Array} to the drawing, a JPEG */
export function carryNotes(from, to) {
  const notes = segments(from).filter(isNote).map(upright);
  const length = notes.reduce((sum, note) => sum + note.length, to.length);
  const whole = new Uint8Array(length);
  whole.set(to.subarray(0, 2));
  let place = 2;
  for (const note of notes) {
    whole.set(note, place);
    place += note.length;
  }
  whole.set(to.subarray(2), place);
  return whole;
}

/** The segments of a JPEG before its image data, each with its marker; none if it is no JPEG.
 * @param {Uint8Array} data */
export function segments(data) {
  const found = [];
  if (data[0] !== 0xff || data[1] !== 0xd8) return [];
  let place = 2;
  while (data[place] === 0xff && data[place + 1] !== 0xda && place + 4 <= data.length) {
    const end = place + 2 + data[place + 2] * 256 + data[place + 3];
    if (end > data.length || end < place + 4) break;
    found.push(data.slice(place, end));
    place = end;
  }
  return found;
}

/** @param {Uint8Array} segment */
function isNote(segment) {
  if (segment[1] === 0xe1) return begins(segment, EXIF) || begins(segment, XMP);
  return segment[1] === 0xed && begins(segment, PHOTOSHOP);
}

/** @param {Uint8Array} segment @param {string} words */
function begins(segment, words) {
  return [...words].every((letter, index) => segment[4 + index] === letter.charCodeAt(0));
}

/** @param {Uint8Array} segment */
function upright(segment) {
  if (segment[1] !== 0xe1 || !begins(segment, EXIF)) return segment;
  const start = 4 + EXIF.length;
  const view = new DataView(segment.buffer, segment.byteOffset + start, segment.length - start);
  try {
    const little = view.getUint16(0) === 0x4949;
    const first = view.getUint32(4, little);
    const count = view.getUint16(first, little);
    for (let place = first + 2; place < first + 2 + 12 * count; place += 12) {
      if (view.getUint16(place, little) === ORIENTATION) view.setUint16(place + 8, 1, little);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Uint8Array(); // leave out broken metadata, by which the server might rotate the picture once more
  }
  return segment;
}
