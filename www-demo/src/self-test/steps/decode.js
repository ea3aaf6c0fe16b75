// Decoding of recordings of other devices.

import chromiumMp4 from "../../../../tests/fixtures/recordings/chromium.mp4?url&no-inline";
import chromiumWebm from "../../../../tests/fixtures/recordings/chromium.webm?url&no-inline";
import firefoxOgg from "../../../../tests/fixtures/recordings/firefox.ogg?url&no-inline";
import fragmentedMp4 from "../../../../tests/fixtures/recordings/fragmented-aac.mp4?url&no-inline";
import aacM4a from "../../../../tests/fixtures/recordings/aac.m4a?url&no-inline";
import speechAac from "../../../../tests/fixtures/recordings/speech.aac?url&no-inline";
import speechFlac from "../../../../tests/fixtures/recordings/speech.flac?url&no-inline";
import vorbisOgg from "../../../../tests/fixtures/recordings/vorbis.ogg?url&no-inline";
import { verify } from "../outcome.js";
import { round } from "../time.js";

/** @import { Tools } from "../run.js" */

/** The samples and their lengths without padding, in seconds. The voice is a synthetic one. */
const SAMPLES = {
  webmOpus: { url: chromiumWebm, seconds: 2.46 },
  oggOpus: { url: firefoxOgg, seconds: 2.5 },
  mp4Opus: { url: chromiumMp4, seconds: 2.38 },
  mp4Aac: { url: fragmentedMp4, seconds: 3.2 },
  m4aAac: { url: aacM4a, seconds: 3.18 },
  aac: { url: speechAac, seconds: 3.2 },
  flac: { url: speechFlac, seconds: 1 },
  oggVorbis: { url: vorbisOgg, seconds: 3.17 },
};
/** Decoders may leave some of the padding of encoders. */
const MAX_ERROR_SECONDS = 0.15;

/**
 * Decodes one sample of each format. The result is its length in seconds, or the reason why the
 * browser does not decode it.
 * @param {Tools} tools
 */
export async function decodeSamples({ createClient }) {
  const theta = createClient();
  /** @type {Record<string, number | string>} */
  const numbers = {};
  /** @type {[boolean, string][]} */
  const expectations = [];
  for (const [name, { url, seconds }] of Object.entries(SAMPLES)) {
    const sample = await (await fetch(url)).blob();
    try {
      const { durationSeconds } = await theta.prepare(sample);
      numbers[name] = round(durationSeconds, 2);
      const isRight = Math.abs(durationSeconds - seconds) <= MAX_ERROR_SECONDS;
      expectations.push([isRight, `${name} is ${durationSeconds} s long instead of ${seconds} s`]);
    } catch (error) {
      const { reason } = /** @type {{ reason?: string }} */ (error);
      numbers[name] = reason ?? String(error);
      const isKnown = reason === "unsupported_codec";
      expectations.push([isKnown, `${name}: ${error}`]);
    }
  }
  return verify(numbers, expectations);
}
