// Generates the same sound in every run. It resembles speech, because some code is faster for
// silence and pure tones.

const SYLLABLE_SECONDS = 0.25;
const HARMONICS = 8;

/**
 * Generates interleaved samples of voiced syllables, bursts of noise and pauses. Channels differ in
 * level.
 */
export function speechLike({ rate, channels, seconds }) {
  const random = seededRandom(0x7e7a);
  const frames = rate * seconds;
  const samples = new Float32Array(frames * channels);
  const syllable = Math.floor(rate * SYLLABLE_SECONDS);
  let phase = 0;
  let kind = 0;
  let hertz = 120;
  for (let frame = 0; frame < frames; frame++) {
    const place = (frame % syllable) / syllable;
    if (place === 0) {
      kind = random();
      hertz = 110 + 90 * random();
    }
    const envelope = Math.sin(Math.PI * place);
    const noise = random() * 2 - 1;
    let sample = noise * 0.001;
    if (kind < 0.6) {
      phase += (hertz * (1.1 - 0.2 * place)) / rate;
      for (let harmonic = 1; harmonic <= HARMONICS; harmonic++) {
        sample += (envelope * 0.25 * Math.sin(2 * Math.PI * phase * harmonic)) / harmonic;
      }
    } else if (kind < 0.85) {
      sample += envelope * 0.2 * noise;
    }
    for (let channel = 0; channel < channels; channel++) {
      samples[frame * channels + channel] = sample * (1 - 0.2 * channel);
    }
  }
  return samples;
}

/**
 * Generates a sum of tones, equal in all channels. `pairs` are frequencies in hertz and amplitudes.
 */
export function tones(pairs, { rate, channels, seconds }) {
  const samples = new Float32Array(rate * seconds * channels);
  for (let at = 0; at < samples.length; at++) {
    const time = Math.floor(at / channels) / rate;
    for (const [hertz, amplitude] of pairs)
      samples[at] += amplitude * Math.sin(2 * Math.PI * hertz * time);
  }
  return samples;
}

// mulberry32
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
