// Whether a recording has lost a part of the sound. The sound itself tells what it should hold.

import { ThetaOne } from "../../pkg/index.js";
import { codedSound, lostMs, playCodedSound, samplesOfWav } from "../files/coded-sound.js";
import { assert, test, waitFor } from "./support/test.js";

const SOUND_SECONDS = 60;
/**
 * The lengths of the recordings, in seconds. Chromium's recorder encodes 60 ms at a time, and the
 * end of a recording must not depend on where in them it falls.
 */
const LENGTHS_SECONDS = [0.4, 0.41, 0.42, 0.43, 0.44, 0.45, 0.46, 1.5];

/** Records the sound, and returns what the take lacks of what was played meanwhile. */
async function recordAndCompare(capture, seconds, sound) {
  const client = new ThetaOne({ baseUrl: "/api" });
  await client.ready();
  const player = await playCodedSound(sound);
  try {
    const { stream, positionSeconds } = player;
    const recorder = await client.record({ capture, stream, trimSilence: false });
    const from = positionSeconds();
    await waitFor(() => positionSeconds() >= from + seconds);
    const to = positionSeconds();
    const take = await recorder.stop();
    const samples = samplesOfWav(await take.blob.arrayBuffer());
    return lostMs(samples, sound, from, to);
  } finally {
    await player.close();
  }
}

for (const capture of ["encoded", "pcm"]) {
  test(`all sound from the start of a recording to stop() is in the take: ${capture}`, async () => {
    const sound = codedSound(SOUND_SECONDS);
    for (const seconds of LENGTHS_SECONDS) {
      const lost = await recordAndCompare(capture, seconds, sound);
      assert.deepEqual(lost, { head: 0, tail: 0, middle: 0 }, `${seconds} s`);
    }
  });
}

test("sound that a recording lacks is noticed", () => {
  const sound = codedSound(3);
  const [from, to] = [0.5, 2];
  const at = (seconds) => seconds * 16_000;
  const whole = sound.slice(at(0.4), at(2.1));
  assert.deepEqual(lostMs(whole, sound, from, to), { head: 0, tail: 0, middle: 0 });
  const late = sound.slice(at(0.56), at(2.1));
  assert.deepEqual(lostMs(late, sound, from, to), { head: 60, tail: 0, middle: 0 });
  const early = sound.slice(at(0.4), at(1.975));
  assert.deepEqual(lostMs(early, sound, from, to), { head: 0, tail: 30, middle: 0 });
  const withGap = new Float32Array([
    ...sound.slice(at(0.4), at(1)),
    ...sound.slice(at(1.05), at(2.1)),
  ]);
  assert.deepEqual(lostMs(withGap, sound, from, to), { head: 0, tail: 0, middle: 50 });
});
