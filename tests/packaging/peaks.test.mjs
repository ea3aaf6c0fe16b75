// `take.peaks()`, in Node: the smallest and largest sample of each bucket of a take, wherever the
// take was made.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const { ThetaOne, Take } = await import(pathToFileURL(join(installed.folder, "index.js")));
const theta = new ThetaOne({ baseUrl: "/api" });

/** Returns a 16-bit WAV of samples, which are interleaved. */
function wav(samples, { channels = 1, sampleRate = 16_000 } = {}) {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * channels * 2, 28);
  bytes.writeUInt16LE(channels * 2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, index) => bytes.writeInt16LE(sample, 44 + 2 * index));
  return bytes;
}

/** Returns deterministic samples of 16 bits. */
function samplesOf(count) {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 16;
  });
}

/** Computes the peaks of mono samples the simple way. */
const expectedPeaks = (samples, buckets) =>
  Array.from({ length: buckets }, (_, bucket) => {
    const start = Math.floor((bucket * samples.length) / buckets);
    const end = Math.max(start + 1, Math.floor(((bucket + 1) * samples.length) / buckets));
    const own = samples.slice(start, end);
    const [smallest, largest] = [Math.min, Math.max].map((best) =>
      own.reduce((one, other) => best(one, other)),
    );
    return [smallest / 32_768, largest / 32_768];
  }).flat();

test("each bucket has its smallest and its largest sample", async () => {
  const samples = samplesOf(12_345);
  const take = await theta.prepare(wav(samples));
  for (const buckets of [1, 2, 7, 320, 12_345]) {
    const peaks = await take.peaks(buckets);
    assert.ok(peaks instanceof Float32Array);
    assert.deepEqual([...peaks], expectedPeaks(samples, buckets), `${buckets} buckets`);
  }
});

test("with more buckets than samples, neighbors share a sample", async () => {
  const samples = samplesOf(1_000);
  const take = await theta.prepare(wav(samples));
  const peaks = await take.peaks(2_500);
  assert.deepEqual([...peaks], expectedPeaks(samples, 2_500));
});

test("full scale is -1 and almost 1, and an offset is no swing to zero", async () => {
  const take = await theta.prepare(
    wav(samplesOf(400).map((_, n) => [-32_768, 32_767, 8_192][n % 3])),
  );
  assert.deepEqual([...(await take.peaks(1))], [-1, 32_767 / 32_768]);
  const constant = await theta.prepare(wav(Array(1_600).fill(8_192)));
  assert.deepEqual([...(await constant.peaks(2))], [0.25, 0.25, 0.25, 0.25]);
});

test("the samples of all channels count", async () => {
  // Frames of two channels, which do not cancel each other.
  const frames = [1_000, 500, -2_000, 400, 3_000, -500, -4_000, -400];
  const samples = Array.from({ length: 800 }, (_, n) => frames[n % 8]);
  const take = await theta.prepare(wav(samples, { channels: 2, sampleRate: 44_100 }));
  assert.equal(take.channels, 2);
  assert.deepEqual([...(await take.peaks(1))], [-4_000 / 32_768, 3_000 / 32_768]);
  // 400 frames in 400 buckets: a bucket has both channels of its frame.
  const peaks = await take.peaks(400);
  assert.deepEqual(
    [...peaks.slice(0, 8)],
    [500, 1_000, -2_000, 400, -500, 3_000, -4_000, -400].map((sample) => sample / 32_768),
  );
});

test("blocks of a long take join without a seam", async () => {
  // More than a block of 1 MiB, with one loud sample at its border.
  const samples = Array(600_000).fill(100);
  samples[524_287] = 20_000;
  samples[524_288] = -20_000;
  const take = await theta.prepare(wav(samples));
  for (const buckets of [1, 3, 1_000, 65_536])
    assert.deepEqual([...(await take.peaks(buckets))], expectedPeaks(samples, buckets));
});

test("other numbers of buckets are rejected with a ConfigurationError", async () => {
  const take = await theta.prepare(wav(samplesOf(1_600)));
  const values = [
    0,
    -1,
    1.5,
    NaN,
    Infinity,
    65_537,
    2 ** 53,
    "2",
    "",
    null,
    undefined,
    {},
    [2],
    2n,
  ];
  for (const value of [...values, Symbol("2")])
    await assert.rejects(take.peaks(value), (error) => {
      assert.equal(error.name, "ConfigurationError");
      assert.match(error.message, /1 to 65536/);
      return true;
    });
  assert.equal((await take.peaks(65_536)).length, 131_072);
});

test("the method of a take is bound to takes", async () => {
  const { peaks } = Take.prototype;
  for (const other of [undefined, null, {}, 5, "take"])
    await assert.rejects(peaks.call(other, 2), { name: "ConfigurationError" });
});

test("an MP3 that this environment cannot decode is an InvalidAudioError", async () => {
  const encoded = await theta.prepare(wav(samplesOf(16_000)), { format: "mp3" });
  assert.equal(encoded.blob.type, "audio/mpeg");
  await assert.rejects(encoded.peaks(2), {
    name: "InvalidAudioError",
    reason: "unsupported_codec",
  });
});
