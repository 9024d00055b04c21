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
export function copyMetadata(from, to) {
  const metadata = segments(from).filter(isMetadata).map(upright);
  const length = metadata.reduce((sum, note) => sum + note.length, to.length);
  const result = new Uint8Array(length);
  result.set(to.subarray(0, 2));
  let position = 2;
  for (const note of metadata) {
    result.set(note, position);
    position += note.length;
  }
  result.set(to.subarray(2), position);
  return result;
}

/** The segments of a JPEG before its image data, each with its marker; none if it is no JPEG.
 * @param {Uint8Array} data */
export function segments(data) {
  const list = [];
  if (data[0] !== 0xff || data[1] !== 0xd8) return [];
  let position = 2;
  while (data[position] === 0xff && data[position + 1] !== 0xda && position + 4 <= data.length) {
    const end = position + 2 + data[position + 2] * 256 + data[position + 3];
    if (end > data.length || end < position + 4) break;
    list.push(data.slice(position, end));
    position = end;
  }
  return list;
}

/** @param {Uint8Array} segment */
function isMetadata(segment) {
  if (segment[1] === 0xe1) return startsWith(segment, EXIF) || startsWith(segment, XMP);
  return segment[1] === 0xed && startsWith(segment, PHOTOSHOP);
}

/** @param {Uint8Array} segment @param {string} words */
function startsWith(segment, words) {
  return [...words].every((letter, index) => segment[4 + index] === letter.charCodeAt(0));
}

/** @param {Uint8Array} segment */
function upright(segment) {
  if (segment[1] !== 0xe1 || !startsWith(segment, EXIF)) return segment;
  const start = 4 + EXIF.length;
  const view = new DataView(segment.buffer, segment.byteOffset + start, segment.length - start);
  try {
    const little = view.getUint16(0) === 0x4949;
    const first = view.getUint32(4, little);
    const count = view.getUint16(first, little);
    for (let position = first + 2; position < first + 2 + 12 * count; position += 12) {
      if (view.getUint16(position, little) === ORIENTATION) view.setUint16(position + 8, 1, little);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Uint8Array(); // leave out broken metadata, by which the server might rotate the picture once more
  }
  return segment;
}
