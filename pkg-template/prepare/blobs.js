// Blobs, and the bytes in them.

import { describeType } from "../client/describe-type.js";
import { audioFailure, configurationFailure } from "../result/failure.js";
import { bytesIn, isBlob } from "../client/untrusted-values.js";
import { blobOf } from "./take.js";
import { TaskYielder } from "./yield-to-main.js";

/** How many bytes are read at a time, at most. */
const BLOCK_BYTES = 128 * 1024;
/** How many of them are worked on at a time: of 16 bits, 16,384 samples. */
const STEP_BYTES = 32 * 1024;

/** Returns the blob behind what the caller passed; a copy of one that this realm's own classes do not take. */
export async function blobFrom(audio) {
  const blob = blobOf(audio) ?? audio;
  if (isBlob(blob)) return isOwn(blob) ? blob : newBlob([await bufferOf(blob)], "");
  const bytes = bytesIn(audio);
  if (bytes) return newBlob([bytes], "");
  const message = `audio must be a Take, Blob, File, ArrayBuffer or Uint8Array, got ${describeType(audio)}`;
  throw configurationFailure(message);
}

/** Whether blobs and forms of this realm take it: an iframe's they do, but jsdom's and Node's do not take each other's. */
function isOwn(blob) {
  try {
    return Blob.prototype.slice.call(blob, 0, 0) !== undefined;
  } catch {
    return false;
  }
}

/** A blob of these parts; those that are blobs themselves take no copy. */
export function newBlob(parts, type) {
  try {
    return new Blob(parts, { type });
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** All of a blob, for the browser. */
export async function bufferOf(blob) {
  try {
    return await (blob.arrayBuffer ? blob.arrayBuffer() : loaded(blob));
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** For the blobs of jsdom before 27, in which pages are tested: they have no other way. */
const loaded = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });

/** All of a blob. */
export async function bytesOf(blob) {
  return bytesIn(await bufferOf(blob)) ?? Promise.reject(unreadable());
}

/**
 * Reads a blob from its start to its end, or until `take` returns `true`, and yields to the page
 * between blocks. The block that `take` gets is overwritten afterwards. Rejects if the file was
 * changed or removed since it was chosen.
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
 * One buffer goes to the browser and comes back, again and again. Reading a slice at a time takes five times as long, and
 * leaves a buffer for each to the garbage collector, which is in no hurry.
 */
function streamBlob(blob) {
  let reader;
  try {
    reader = new ReadableStreamBYOBReader(blob.stream());
  } catch {
    return undefined;
  }
  let buffer = new ArrayBuffer(BLOCK_BYTES);
  return {
    async next(_, most) {
      const { value } = await reader.read(new Uint8Array(buffer, 0, most));
      buffer = value.buffer;
      return value;
    },
    // What is not read to its end would keep the file open.
    close: () => reader.cancel().catch(() => {}),
  };
}

/** For browsers whose blobs have no such streams, and for jsdom, in which pages are tested: there they have none. */
const readSlices = (blob) => ({
  next: (at, most) => bytesOf(blob.slice(at, at + most)),
});

/** Bytes that the browser does not give. */
const unreadable = (cause) => audioFailure("undecodable", "the audio could not be read", cause);
