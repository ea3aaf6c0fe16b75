// Tests of the package's demuxer with awkward recordings: the length of their content, and of what
// is missing. ../e2e/containers.test.mjs runs the same files in browsers, with their decoders.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";

import { containers } from "../files/containers.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const imported = (path) => import(pathToFileURL(join(installed.folder, path)).href);
const [glue, inline] = await Promise.all([
  imported("wasm/demux.js"),
  imported("wasm/demux-inline.js"),
]);
await glue.default({ module_or_path: gunzipSync(Buffer.from(inline.default, "base64")) });

/** The results of `advance()`. */
const [END, MORE, CODING] = [0, 1, 2];
const DELTA_SECONDS = 0.025;
/**
 * The length that may be missing without a warning, and the length above which a file counts as
 * truncated, in seconds.
 */
const [UNNOTICED_SECONDS, TOLD_SECONDS] = [0.2, 0.1];

function containerOf(bytes) {
  const start = (from, to) => bytes.toString("latin1", from, to);
  if (bytes.readUInt32BE(0) === 0x1a45dfa3) return "webm";
  if (start(0, 4) === "OggS") return "ogg";
  if (start(0, 4) === "RIFF") return "wav";
  if (start(4, 8) === "ftyp") return "mp4";
  return start(0, 4) === "fLaC" || (start(0, 3) === "ID3" && bytes.includes("fLaC"))
    ? "flac"
    : "aac";
}

/**
 * Returns the length of the packets of a file without padding, and the length of the missing part.
 */
function surveyed(bytes) {
  const demuxer = new glue.Demuxer(containerOf(bytes), bytes.length);
  let seconds = 0;
  let tail = 0;
  try {
    for (let event = demuxer.advance(); event !== END; event = demuxer.advance()) {
      if (event === MORE) demuxer.supply(bytes.subarray(demuxer.wantedAt, demuxer.wantedEnd));
      else if (event === CODING) {
        seconds -= demuxer.headTrimSeconds + tail;
        tail = 0;
      } else {
        demuxer.data();
        tail = demuxer.tailTrimSeconds;
      }
    }
    return {
      seconds: seconds + demuxer.seconds - tail,
      isTruncated: demuxer.missingSeconds > TOLD_SECONDS,
    };
  } catch (error) {
    return { name: error.name, message: error.message };
  } finally {
    demuxer.free();
  }
}

const REFUSED = { truncated: "TruncatedError", unsupported_codec: "NotSupportedError" };

for (const { name, bytes, expect } of containers()) {
  test(`${name}: all of it, or a word of what is missing`, () => {
    const found = surveyed(bytes);
    const text = JSON.stringify(found);
    if (expect.reason) {
      assert.equal(found.name, REFUSED[expect.reason], text);
    } else if (expect.whole) {
      const isWhole = Math.abs(found.seconds - expect.whole) < UNNOTICED_SECONDS;
      assert.ok(found.name || found.isTruncated || isWhole, `${text}, whole: ${expect.whole} s`);
    } else {
      assert.ok(
        Math.abs(found.seconds - expect.seconds) < (expect.delta ?? DELTA_SECONDS),
        `${text}, not ${expect.seconds} s`,
      );
      assert.equal(found.isTruncated, expect.isTruncated ?? false, text);
    }
  });
}
