// Blobs, and the bytes in them.

import { describeType } from "../client/describe-type.js";
import { audioFailure, configurationFailure } from "../result/failure.js";
import { bytesIn, isBlob } from "../client/untrusted-values.js";
import { blobOf } from "./take.js";
import { TaskYielder } from "./yield-to-main.js";

/** The largest number of bytes that are read at a time. */
const BLOCK_BYTES = 128 * 1024;
/** The number of bytes that are processed at a time: 16,384 samples of 16 bits. */
const STEP_BYTES = 32 * 1024;
/**
 * The streams that are being read. Chromium 156 garbage-collects the stream of a blob in the middle
 * of such a read, which then never settles, unless something else refers to it.
 * @type {Set<ReadableStreamBYOBReader>}
 */
const activeReaders = new Set();

/**
 * A source of the bytes of a blob.
 * @typedef {object} ByteSource
 * @property {(offset: number, maxBytes: number) => Promise<Uint8Array>} next reads bytes; the next
 *   call may overwrite them
 * @property {() => void} [close]
 */

/**
 * Resolves to the blob of the caller's audio, which may be anything. A blob that this realm's own
 * classes do not accept is copied.
 * @param {unknown} audio
 * @returns {Promise<Blob>}
 */
export async function blobFrom(audio) {
  const blob = /** @type {Blob} */ (blobOf(audio) ?? audio);
  if (isBlob(blob)) return isOwn(blob) ? blob : newBlob([await bufferOf(blob)], "");
  const bytes = bytesIn(audio);
  if (bytes) return newBlob([bytes], "");
  const expected = "a Take, Blob, File, ArrayBuffer or Uint8Array";
  throw configurationFailure(`audio must be ${expected}, got ${describeType(audio)}`);
}

/**
 * Returns true if the blobs and forms of this realm accept `blob`. An iframe's blobs are accepted,
 * but jsdom and Node do not accept each other's.
 * @param {Blob} blob
 */
function isOwn(blob) {
  try {
    return Blob.prototype.slice.call(blob, 0, 0) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Returns a blob of `parts`. Parts that are blobs are not copied.
 * @param {(Blob | ArrayBuffer | Uint8Array)[]} parts
 * @param {string} type
 */
export function newBlob(parts, type) {
  try {
    return new Blob(/** @type {BlobPart[]} */ (parts), { type });
  } catch (cause) {
    throw unreadable(cause);
  }
}

/**
 * Resolves to all bytes of a blob, in a buffer for the browser's own functions.
 * @param {Blob} blob
 * @returns {Promise<ArrayBuffer>}
 */
export async function bufferOf(blob) {
  try {
    return await (blob.arrayBuffer ? blob.arrayBuffer() : readWithFileReader(blob));
  } catch (cause) {
    throw unreadable(cause);
  }
}

/**
 * Reads a blob of jsdom before 27, in which pages are tested. Its blobs have no `arrayBuffer()`.
 * @param {Blob} blob
 * @returns {Promise<ArrayBuffer>}
 */
const readWithFileReader = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(/** @type {ArrayBuffer} */ (reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });

/**
 * Resolves to all bytes of a blob.
 * @param {Blob} blob
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function bytesOf(blob) {
  return bytesIn(await bufferOf(blob)) ?? Promise.reject(unreadable());
}

/**
 * Reads a blob from its start to its end, or until `take` returns `true`, and yields to the page
 * between blocks. The block that `take` gets is overwritten afterwards. Rejects if the file was
 * changed or removed since it was chosen.
 * @param {Blob} blob
 * @param {(block: Uint8Array) => boolean | void} take
 * @param {AbortSignal} [signal]
 */
export async function readBlocks(blob, take, signal) {
  const yielder = new TaskYielder(signal);
  const { size } = blob;
  // Opening a stream takes a while, and often the first block is enough.
  let source = readSlices(blob);
  try {
    for (let at = 0; at < size; ) {
      const most = Math.min(size - at, BLOCK_BYTES);
      const block = await source.next(at, most).catch((cause) => Promise.reject(unreadable(cause)));
      if (block.length === 0 || block.length > most) throw unreadable();
      for (let start = 0; start < block.length; start += STEP_BYTES) {
        if (take(block.subarray(start, start + STEP_BYTES)) === true) return;
        await yielder.yield();
      }
      at += block.length;
      if (at === block.length && at < size) source = streamBlob(blob.slice(at)) ?? source;
    }
  } finally {
    source.close?.();
  }
}

/**
 * Returns a source that reads a stream; `undefined` if the browser has no such streams. One buffer
 * goes to the browser and comes back, again and again. Reading a slice at a time takes five times
 * as long, and leaves a buffer for each slice to the garbage collector, which collects them late.
 * @param {Blob} blob
 * @returns {ByteSource | undefined}
 */
function streamBlob(blob) {
  /** @type {ReadableStreamBYOBReader} */
  let reader;
  try {
    reader = new ReadableStreamBYOBReader(blob.stream());
  } catch {
    return undefined;
  }
  activeReaders.add(reader);
  let buffer = new ArrayBuffer(BLOCK_BYTES);
  return {
    async next(_, most) {
      const { value } = await reader.read(new Uint8Array(buffer, 0, most));
      buffer = /** @type {Uint8Array<ArrayBuffer>} */ (value).buffer;
      return /** @type {Uint8Array} */ (value);
    },
    close() {
      activeReaders.delete(reader);
      // A stream that is not read to its end would keep the file open.
      reader.cancel().catch(() => {});
    },
  };
}

/**
 * Returns a source that reads slices, for browsers whose blobs have no such streams, and for jsdom,
 * whose blobs have no streams at all.
 * @param {Blob} blob
 * @returns {ByteSource}
 */
const readSlices = (blob) => ({
  next: (at, most) => bytesOf(blob.slice(at, at + most)),
});

/**
 * Returns the failure for bytes that the browser cannot read.
 * @param {unknown} [cause]
 */
const unreadable = (cause) => audioFailure("undecodable", "the audio could not be read", cause);
