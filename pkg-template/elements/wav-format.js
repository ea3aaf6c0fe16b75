// The header of a WAV file.

/**
 * `dataBytes` is the place of the first sample.
 * @typedef {{ sampleRate: number, channels: number, frames: number, dataBytes: number }} WavFormat
 */

const PCM = 1;
const EXTENSIBLE = 0xfffe;

/**
 * Returns the format of 16-bit PCM, and `undefined` for any other file. `head` is the file's start.
 * @param {DataView} head
 * @param {number} fileBytes
 * @returns {WavFormat | undefined}
 */
export function readWavFormat(head, fileBytes) {
  /** @param {number} at */
  const nameAt = (at) =>
    String.fromCharCode(...[0, 1, 2, 3].map((index) => head.getUint8(at + index)));
  if (head.byteLength < 44 || nameAt(0) !== "RIFF" || nameAt(8) !== "WAVE") return undefined;
  let format;
  for (let at = 12; at + 8 <= head.byteLength; ) {
    const name = nameAt(at);
    const length = head.getUint32(at + 4, true);
    const start = at + 8;
    if (name === "fmt " && start + 16 <= head.byteLength) {
      const coding = head.getUint16(start, true);
      const channels = head.getUint16(start + 2, true);
      const bits = head.getUint16(start + 14, true);
      const sampleRate = head.getUint32(start + 4, true);
      if (![PCM, EXTENSIBLE].includes(coding) || bits !== 16 || !channels || !sampleRate)
        return undefined;
      format = { channels, sampleRate };
    }
    if (name === "data" && format) {
      // A recorder that was cut off declares more than there is.
      const frames = Math.floor(Math.min(length, fileBytes - start) / (2 * format.channels));
      return { ...format, frames, dataBytes: start };
    }
    // Chunks start at even places.
    at = start + length + (length % 2);
  }
  return undefined;
}
