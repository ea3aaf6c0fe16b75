// Tests of the MP3 encoder of the installed package: it loads, and writes the same files alone and
// for `prepare`. crates/mp3-encoder/ tests its files with decoders.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const speech = fileURLToPath(new URL("../fixtures/speech.wav", import.meta.url));
// MPEG-2 layer III, in kbit/s.
const BIT_RATES = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Returns the frames of a file at 16 kHz, by the lengths in their headers. */
function framesOf(file) {
  const frames = [];
  for (let at = 0; at < file.length; ) {
    assert.deepEqual(
      [...file.subarray(at, at + 2)],
      [0xff, 0xf3],
      `frame ${frames.length}: MPEG-2, layer III, no CRC`,
    );
    assert.equal((file[at + 2] >> 2) & 3, 2, "16 kHz");
    assert.equal(file[at + 3] >> 6, 3, "one channel");
    const kbps = BIT_RATES[file[at + 2] >> 4];
    const bytes = (72 * kbps) / 16 + ((file[at + 2] >> 1) & 1);
    frames.push({ kbps, bytes });
    at += bytes;
    assert.ok(at <= file.length, "the last frame is whole");
  }
  return frames;
}

test("speech becomes an MP3 whose first frame says how long it is", () => {
  const { samples, base64 } = installed.run(`
    import { readFileSync } from "node:fs";
    import { mp3Encoder } from "./node_modules/thetaone-web/loading/mp3-encoder.js";
    const wav = readFileSync(${JSON.stringify(speech)});
    const said = new Int16Array(wav.buffer.slice(wav.byteOffset + wav.indexOf("data") + 8));
    // Converts 48 kHz to 16 kHz. The aliasing of this simple method is as good a test signal.
    const samples = said.filter((_, at) => at % 3 === 0);
    const encoder = await mp3Encoder(16000, 32);
    const parts = [];
    for (let at = 0; at < samples.length; at += 5000) parts.push(encoder.push(samples.subarray(at, at + 5000)));
    parts.push(encoder.finish());
    const file = Buffer.concat([encoder.head(), ...parts]);
    encoder.free();
    console.log(JSON.stringify({ samples: samples.length, base64: file.toString("base64") }));
  `);
  const file = Buffer.from(base64, "base64");
  const frames = framesOf(file);
  // The delay of 1,057 samples, and the frame without sound.
  assert.equal(frames.length, 1 + Math.ceil((samples + 1057) / 576));
  assert.ok(frames.slice(1).every(({ kbps }) => kbps === 32));
  const info = file.indexOf("Info");
  assert.ok(info > 0 && info < frames[0].bytes, "the first frame is the Info frame");
  assert.equal(file.readUInt32BE(info + 8), frames.length - 1);
  assert.equal(file.readUInt32BE(info + 12), file.length);
});

test("a take without a sample is a file too", () => {
  const { frames } = installed.run(`
    import { mp3Encoder } from "./node_modules/thetaone-web/loading/mp3-encoder.js";
    const encoder = await mp3Encoder(8000, 16);
    const last = encoder.finish();
    console.log(JSON.stringify({ frames: [encoder.head().length, last.length] }));
  `);
  assert.ok(frames.every((bytes) => bytes > 0));
});

test("wrong uses are errors, and leave the encoder usable", () => {
  const outcomes = installed.run(`
    import { mp3Encoder } from "./node_modules/thetaone-web/loading/mp3-encoder.js";
    const refused = async (attempt) => {
      try {
        await attempt();
        return "nothing";
      } catch (error) {
        return error instanceof WebAssembly.RuntimeError ? "a panic" : error.message;
      }
    };
    const encoder = await mp3Encoder(16000, 32);
    const said = [
      await refused(() => mp3Encoder(44100, 32)),
      await refused(() => mp3Encoder(16000, 33)),
      await refused(() => mp3Encoder()),
      await refused(() => encoder.head()),
    ];
    encoder.finish();
    said.push(await refused(() => encoder.push(new Int16Array(1))), await refused(() => encoder.finish()));
    encoder.free();
    said.push(await refused(() => encoder.head()));
    const another = await mp3Encoder(16000, 32);
    said.push(String(another.push(new Int16Array(576)).length));
    console.log(JSON.stringify(said));
  `);
  const expected = [
    /sample rate.* 44100/,
    /bit rate.* 33/,
    /rate/,
    /not finished/,
    /was finished/,
    /was finished/,
    /null/,
    /^144$/,
  ];
  assert.equal(outcomes.length, expected.length);
  expected.forEach((pattern, at) => assert.match(outcomes[at], pattern));
});

test("an encoder that cannot start is a WasmLoadError, and can be tried again", () => {
  const outcome = installed.run(`
    import { WasmLoadError } from "thetaone-web";
    import { mp3Encoder } from "./node_modules/thetaone-web/loading/mp3-encoder.js";
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = () => Promise.reject(new Error("no memory is left"));
    let outcome = {};
    try {
      await mp3Encoder(16000, 32);
    } catch (error) {
      outcome = { typed: error instanceof WasmLoadError, message: error.message };
    }
    WebAssembly.instantiate = instantiate;
    outcome.again = (await mp3Encoder(16000, 32)).finish().length;
    console.log(JSON.stringify(outcome));
  `);
  assert.ok(outcome.typed);
  assert.match(outcome.message, /MP3 encoder.*no memory is left/);
  assert.equal(outcome.again, 288);
});

test("prepare makes MP3, of any WAV", () => {
  const { take, base64, same } = installed.run(`
    import { readFileSync } from "node:fs";
    import { ThetaOne } from "thetaone-web";
    const theta = new ThetaOne({ baseUrl: "https://example.com" });
    const { blob, ...take } = await theta.prepare(readFileSync(${JSON.stringify(speech)}), { format: "mp3", bitrateKbps: 64 });
    const file = Buffer.from(await blob.arrayBuffer());
    const again = await theta.prepare(file, { format: "mp3" });
    const same = Buffer.from(await again.blob.arrayBuffer()).equals(file);
    console.log(JSON.stringify({ take: { ...take, type: blob.type }, base64: file.toString("base64"), same }));
  `);
  const file = Buffer.from(base64, "base64");
  const frames = framesOf(file);
  assert.ok(frames.slice(1).every(({ kbps }) => kbps === 64));
  assert.deepEqual(
    [take.type, take.sampleRate, take.channels, take.bytes],
    ["audio/mpeg", 16000, 1, file.length],
  );
  assert.equal(
    frames.length,
    1 + Math.ceil((Math.round(take.durationSeconds * 16000) + 1057) / 576),
  );
  assert.ok(take.speechSeconds > 1 && take.rmsDbfs < take.peakDbfs);
  assert.ok(same, "an MP3 is not encoded again");
});

test("prepare() rejects with a typed error if MP3 is impossible, and WAV does not need the encoder", () => {
  const outcomes = installed.run(`
    import { readFileSync } from "node:fs";
    import { ThetaOne } from "thetaone-web";
    const theta = new ThetaOne({ baseUrl: "https://example.com" });
    await theta.ready();
    const wav = readFileSync(${JSON.stringify(speech)});
    const shown = (work) => work.then(({ blob }) => blob.type, ({ name, message }) => name + ": " + message);
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = () => Promise.reject(new Error("no memory is left"));
    const said = [
      await shown(theta.prepare(wav, { format: "mp3" })),
      await shown(theta.prepare(wav, { format: "wav", bitrateKbps: 32 })),
      await shown(theta.prepare(wav, { format: "flac" })),
      await shown(theta.prepare(wav, { format: "mp3", bitrateKbps: 24 })),
      await shown(theta.prepare(wav, { format: "mp3", bitrateKbps: 48.5 })),
    ];
    WebAssembly.instantiate = instantiate;
    said.push(await shown(theta.prepare(wav, { format: "mp3" })));
    console.log(JSON.stringify(said));
  `);
  const expected = [
    /^WasmLoadError: .*MP3 encoder.*no memory is left/,
    /^audio\/wav$/,
    /^ConfigurationError: options.format must be one of/,
    /^ConfigurationError: options.bitrateKbps must be one of 32, /,
    /^ConfigurationError: .*got 48.5/,
    /^audio\/mpeg$/,
  ];
  assert.equal(outcomes.length, expected.length);
  expected.forEach((pattern, at) => assert.match(outcomes[at], pattern));
});
