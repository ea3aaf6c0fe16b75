// Measures the gain of a conversion for tones: of speech, and of sibilants that alias into speech.

import { tones } from "./signal.mjs";
import { readSamples, createWav } from "./wav.mjs";

const FORMAT = { rate: 48_000, channels: 2, seconds: 3 };
const AMPLITUDE = 0.5;
// A second tone. Without it, rounding to 16 bits would remove a very quiet tone, or be periodic
// with it.
const COMPANION = [347.3, 0.4];
const OUTPUT_RATE = 16_000;
// Excludes the transients of the filters at both ends.
const MEASURED_SAMPLES = 2 * OUTPUT_RATE;

/** Returns the gain in dB of a tone of `hertz` that has `outputHertz` in the output. */
export async function gainDb(convert, hertz, outputHertz) {
  const input = createWav(tones([[hertz, AMPLITUDE], COMPANION], FORMAT), FORMAT);
  const output = await readSamples(await convert(input));
  const start = (output.length - MEASURED_SAMPLES) >> 1;
  let real = 0;
  let imaginary = 0;
  let weights = 0;
  for (let at = 0; at < MEASURED_SAMPLES; at++) {
    const weight = blackmanHarris(at / MEASURED_SAMPLES);
    const angle = (2 * Math.PI * outputHertz * at) / OUTPUT_RATE;
    const sample = (output[start + at] / 32_767) * weight;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
    weights += weight;
  }
  return 20 * Math.log10((2 * Math.hypot(real, imaginary)) / weights / AMPLITUDE);
}

// A window whose side lobes are at -92 dB, so that the second tone does not count.
function blackmanHarris(x) {
  const turn = 2 * Math.PI * x;
  return (
    0.35875 - 0.48829 * Math.cos(turn) + 0.14128 * Math.cos(2 * turn) - 0.01168 * Math.cos(3 * turn)
  );
}
