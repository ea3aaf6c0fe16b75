// Tests of awkward files in Node: uploaded correctly, or refused with the right reason.

import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { allFiles, wrongWith } from "../files/all.mjs";
import { outcomeOf } from "../files/outcome.mjs";
import { strictWav } from "../files/strict.js";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

test("every file is sent whole and right, or refused with the true reason", async () => {
  const sdk = await import(pathToFileURL(join(installed.folder, "index.js")));
  const files = await allFiles(installed.folder);
  assert.ok(files.length >= 150, `${files.length} files`);
  const wrong = [];
  for (const file of files) {
    const problem = wrongWith(file, "node", await outcomeOf(sdk, file.bytes));
    if (problem) wrong.push(`${file.name}: ${problem}`);
  }
  console.log(`${files.length} files`);
  assert.deepEqual(wrong, []);
});

/**
 * Returns the class of a fake audio context that decodes every file to these channels at 16 kHz.
 */
const decoderOf = (channels) =>
  class {
    async decodeAudioData() {
      return {
        length: channels[0].length,
        duration: channels[0].length / 16_000,
        numberOfChannels: channels.length,
        sampleRate: 16_000,
        copyFromChannel: (to, channel, start) =>
          to.set(channels[channel].subarray(start, start + to.length)),
      };
    }
  };

test("channels that cancel each other in what the browser decodes are not averaged to silence", async () => {
  const sdk = await import(pathToFileURL(join(installed.folder, "index.js")));
  const files = await allFiles(installed.folder);
  const mp3 = files.find(({ name }) => name === "MP3, plain").bytes;
  // The package reads the container, and the fake decodes the rest.
  const ogg = new Uint8Array(
    readFileSync(new URL("../fixtures/recordings/firefox.ogg", import.meta.url)),
  );
  const voice = Float32Array.from(
    { length: 20_000 },
    (_, n) => 0.3 * Math.sin(n / 9) * Math.sin(n / 900),
  );
  const inverted = voice.map((sample) => -sample);
  const half = voice.map((sample, n) => (n < 9_000 ? sample : -sample));
  const silence = voice.map(() => 0);
  for (const [what, channels, isMp3Kept] of [
    ["the same twice", [voice, voice], true],
    ["inverted", [voice, inverted], false],
    ["inverted in a part", [voice, half], false],
    ["silent on one side", [silence, voice], false],
    ["two of six inverted", [silence, voice, inverted, silence, silence, silence], false],
  ]) {
    globalThis.OfflineAudioContext = decoderOf(channels);
    try {
      const { sent } = await outcomeOf(sdk, ogg);
      const { samples, rate } = strictWav(sent);
      assert.deepEqual([samples.length, rate], [voice.length, 16_000], what);
      // Either polarity is right.
      const off = voice.findIndex(
        (sample, n) => Math.abs(Math.abs(sample * 32_768) - Math.abs(samples[n])) > 2,
      );
      assert.equal(off, -1, `${what}: sample ${off} is ${samples[off]}`);
      const { sent: sentOfMp3 } = await outcomeOf(sdk, mp3);
      assert.equal(sentOfMp3[0] === 0xff, isMp3Kept, `${what}, as MP3`);
    } finally {
      delete globalThis.OfflineAudioContext;
    }
  }
});
