// Reads the packets of a WebM file with one track while the browser's recorder writes it. Reads no
// other files: they need the demuxer, which has 44 kB.

/** Segment, Tracks, TrackEntry, Audio, Cluster and BlockGroup, which contain other elements. */
const PARENTS = [0x18538067, 0x1654ae6b, 0xae, 0xe1, 0x1f43b675, 0xa0];
/** The element with which every WebM begins. */
const EBML = 0x1a45dfa3;
const TRACK_ENTRY = 0xae;
const CHANNELS = 0x9f;
const CODEC_PRIVATE = 0x63a2;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;
/** The bits of a block's flags that say that it has several packets. */
const LACING = 0x06;
/** Where an OpusHead has the number of frames to skip at the start (RFC 7845, 5.1). */
const PRE_SKIP_AT = 10;

export class WebmPackets {
  /** The number of channels, once there are packets. */
  channels = 1;
  /** The number of frames at 48 kHz that are not part of the recording. */
  preSkip = 0;
  #hasBegun = false;
  #tracks = 0;
  #bytes = new Uint8Array();

  /**
   * Takes the next bytes of the file, and yields the packets that are complete. Throws if the file
   * is different from what recorders write.
   * @param {Uint8Array} bytes
   * @returns {Generator<Uint8Array, void>}
   */
  *push(bytes) {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    this.#bytes = all;
    let at = 0;
    for (;;) {
      const id = readNumber(all, at, true);
      const size = id && readNumber(all, id.end, false);
      if (!size) break;
      if (!this.#hasBegun && id.value !== EBML) throw new Error("not a WebM file");
      this.#hasBegun = true;
      if (PARENTS.includes(id.value)) {
        if (id.value === TRACK_ENTRY && ++this.#tracks > 1) throw new Error("several tracks");
        at = size.end;
        continue;
      }
      if (size.isUnknown) throw new Error("an element of unknown size");
      const end = size.end + size.value;
      if (end > all.length) break;
      const packet = this.#read(id.value, all.subarray(size.end, end));
      if (packet) yield packet;
      at = end;
    }
    this.#bytes = all.slice(at);
  }

  /**
   * Reads an element. Returns its packet, if it has one.
   * @param {number} id
   * @param {Uint8Array} data
   */
  #read(id, data) {
    if (id === CHANNELS) this.channels = data.at(-1) ?? 0;
    if (id === CODEC_PRIVATE)
      this.preSkip = (data[PRE_SKIP_AT] ?? 0) + 256 * (data[PRE_SKIP_AT + 1] ?? 0);
    if (id !== BLOCK && id !== SIMPLE_BLOCK) return undefined;
    // The number of the track is followed by the time, two bytes, and the flags.
    const start = (readNumber(data, 0, false)?.end ?? 0) + 3;
    if ((data[start - 1] ?? LACING) & LACING) throw new Error("a block of several packets");
    return data.subarray(start);
  }
}

/**
 * Reads a number of variable length (RFC 8794, 4): returns its value and its end; `undefined` if
 * the bytes end before it does. The ID of an element includes the marker of its length.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {boolean} hasMarker
 */
function readNumber(bytes, at, hasMarker) {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const length = Math.clz32(first) - 23;
  const end = at + length;
  if (length > 8) throw new Error("an invalid number");
  if (end > bytes.length) return undefined;
  const marker = 2 ** (8 - length);
  let value = hasMarker ? first : first - marker;
  let isUnknown = first === 2 * marker - 1;
  for (const byte of bytes.subarray(at + 1, end)) {
    // Numbers above 2^53 occur only as the unknown size.
    value = value * 256 + byte;
    isUnknown &&= byte === 255;
  }
  return { value, end, isUnknown };
}
