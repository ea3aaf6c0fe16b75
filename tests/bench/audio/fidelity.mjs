// What a conversion does to tones: whether speech passes and whether sibilants fold into it.

import { tones } from "./signal.mjs";
import { samplesOf, wavOf } from "./wav.mjs";

const FORMAT = { rate: 48_000, channels: 2, seconds: 3 };
const AMPLITUDE = 0.5;
// Keeps the rounding to 16 bits from swallowing, or from being periodic with, a tone that is nearly gone.
const COMPANION = [347.3, 0.4];
const OUTPUT_RATE = 16_000;
// The filters' transients at both ends are left out.
const MEASURED_SAMPLES = 2 * OUTPUT_RATE;

/** The gain for a tone of `hertz` that is heard at `heardHertz` afterwards, in dB. */
export async function gainDb(convert, hertz, heardHertz) {
  const input = wavOf(tones([[hertz, AMPLITUDE], COMPANION], FORMAT), FORMAT);
  const output = await samplesOf(await convert(input));
  const start = (output.length - MEASURED_SAMPLES) >> 1;
  let real = 0;
  let imaginary = 0;
  let weights = 0;
  for (let at = 0; at < MEASURED_SAMPLES; at++) {
    const weight = blackmanHarris(at / MEASURED_SAMPLES);
    const angle = (2 * Math.PI * heardHertz * at) / OUTPUT_RATE;
    const sample = (output[start + at] / 32_767) * weight;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
    weights += weight;
  }
  return 20 * Math.log10((2 * Math.hypot(real, imaginary)) / weights / AMPLITUDE);
}

// Its side lobes lie 92 dB down, so the companion, far away, does not count as the tone.
function blackmanHarris(x) {
  const turn = 2 * Math.PI * x;
  return (
    0.35875 - 0.48829 * Math.cos(turn) + 0.14128 * Math.cos(2 * turn) - 0.01168 * Math.cos(3 * turn)
  );
}
