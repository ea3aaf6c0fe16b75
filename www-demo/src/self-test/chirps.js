// A signal in which lost samples can be measured: a chirp every 0.1 s, each in one of eight bands.
// The band tells the number of the chirp, modulo eight. The position of the chirp in a recording is
// found by a matched filter, to less than a sample.

/** The time from one chirp to the next, in seconds. */
const INTERVAL_SECONDS = 0.1;
const CHIRP_SECONDS = 0.08;
/** The bands lie between these frequencies, which loudspeakers of phones reproduce. */
const LOWEST_HZ = 600;
const BAND_HZ = 400;
const BANDS = 8;
/** The time after which the signal repeats, in seconds. */
export const PERIOD_SECONDS = BANDS * INTERVAL_SECONDS;

/** The correlation from which a sound counts as a chirp; noise and speech stay below 0.5. */
const MIN_CORRELATION = 0.55;
/** The energy below which nothing is searched: -80 dBFS. */
const MIN_MEAN_SQUARE = 1e-8;
/** The interval of the coarse search. The envelope of the correlation is 40 samples wide. */
const STRIDE = 8;
/** A chirp that is cut off by the start or the end of a recording is found up to here. */
const EDGE_SECONDS = 0.004;
/** Codecs move a chirp by less than this, in seconds. */
const MIN_GAP_SECONDS = 0.0005;

/**
 * Returns one chirp, and the same with its phase turned by 90 degrees.
 * @param {number} band
 * @param {number} rate the sample rate, in Hz
 */
function chirp(band, rate) {
  const length = Math.round(CHIRP_SECONDS * rate);
  const cosine = new Float32Array(length);
  const sine = new Float32Array(length);
  for (let n = 0; n < length; n++) {
    const seconds = n / rate;
    const startHz = LOWEST_HZ + BAND_HZ * band;
    const cycles = startHz * seconds + (BAND_HZ * seconds ** 2) / (2 * CHIRP_SECONDS);
    const window = Math.sin((Math.PI * (n + 0.5)) / length) ** 0.5;
    cosine[n] = window * Math.cos(2 * Math.PI * cycles);
    sine[n] = window * Math.sin(2 * Math.PI * cycles);
  }
  return { cosine, sine };
}

/**
 * Returns one period of the signal.
 * @param {number} rate the sample rate, in Hz
 * @param {number} [gain]
 */
export function chirpPeriod(rate, gain = 0.5) {
  const samples = new Float32Array(Math.round(PERIOD_SECONDS * rate));
  for (let band = 0; band < BANDS; band++) {
    const start = Math.round(band * INTERVAL_SECONDS * rate);
    samples.set(
      chirp(band, rate).cosine.map((sample) => gain * sample),
      start,
    );
  }
  return samples;
}

/**
 * Plays the signal into `destination` until `stop()` is called. `startSeconds` is the time of the
 * context at which it began.
 * @param {AudioContext} context
 * @param {AudioNode} destination
 */
export function playChirps(context, destination) {
  const samples = chirpPeriod(context.sampleRate);
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  source.connect(destination);
  const startSeconds = context.currentTime + 0.05;
  source.start(startSeconds);
  const stop = () => {
    source.stop();
    source.disconnect();
  };
  return { startSeconds, stop };
}

/**
 * Compares a recording with the signal.
 * @param {Float32Array} samples
 * @param {number} rate
 */
export function measureChirps(samples, rate) {
  const chirps = findChirps(samples, rate);
  const starts = signalStarts(chirps);
  let lostSeconds = 0;
  let insertedSeconds = 0;
  for (let n = 1; n < starts.length; n++) {
    const jump = starts[n - 1] - starts[n];
    if (jump > MIN_GAP_SECONDS) lostSeconds += jump;
    else if (jump < -MIN_GAP_SECONDS) insertedSeconds -= jump;
  }
  const [first = NaN] = starts;
  const last = starts.at(-1) ?? NaN;
  return {
    found: chirps.length,
    expected: Math.floor(samples.length / rate / INTERVAL_SECONDS),
    lostMs: 1000 * lostSeconds,
    insertedMs: 1000 * insertedSeconds,
    /** The time of the signal at the first sample of the recording, modulo the period. */
    headSeconds: -first,
    /** The time of the signal after the last sample, modulo the period. */
    tailSeconds: samples.length / rate - last,
  };
}

/**
 * Returns the difference of two times of the signal, from minus half a period to half a period.
 * @param {number} seconds
 */
export function withinPeriod(seconds) {
  return seconds - PERIOD_SECONDS * Math.round(seconds / PERIOD_SECONDS);
}

/**
 * Finds the chirps, in the order of their positions (in seconds).
 * @param {Float32Array} samples
 * @param {number} rate
 */
function findChirps(samples, rate) {
  const templates = Array.from({ length: BANDS }, (_, band) => chirp(band, rate));
  const energies = cumulativeEnergy(samples);
  const candidates = [];
  for (const [band, { cosine, sine }] of templates.entries()) {
    const templateEnergy = energy(cosine);
    for (let at = 0; at + cosine.length <= samples.length; at += STRIDE) {
      const windowEnergy = energies[at + cosine.length] - energies[at];
      if (windowEnergy < MIN_MEAN_SQUARE * cosine.length) continue;
      const product = Math.hypot(correlate(samples, at, cosine), correlate(samples, at, sine));
      const correlation = product / Math.sqrt(windowEnergy * templateEnergy);
      if (correlation >= MIN_CORRELATION) candidates.push({ band, at, correlation });
    }
  }
  candidates.sort((one, other) => other.correlation - one.correlation);
  /** @type {typeof candidates} */
  const best = [];
  const distance = 0.6 * INTERVAL_SECONDS * rate;
  for (const candidate of candidates) {
    if (best.every(({ at }) => Math.abs(at - candidate.at) > distance)) best.push(candidate);
  }
  best.sort((one, other) => one.at - other.at);
  const margin = EDGE_SECONDS * rate;
  const last = samples.length - CHIRP_SECONDS * rate - margin;
  return best
    .filter(({ at }) => at > margin && at < last)
    .map(({ band, at }) => ({
      band,
      position: refine(samples, at, templates[band].cosine) / rate,
    }));
}

/**
 * Numbers the chirps in time, and returns for each where the signal would have begun, in seconds.
 * Replaces each by the median with its neighbors: a single deviation is an error of the measurement,
 * and a gap moves all later chirps.
 * @param {{ band: number, position: number }[]} chirps
 */
function signalStarts(chirps) {
  /** @type {number[]} */
  const starts = [];
  let last;
  for (const { band, position } of chirps) {
    let number = band;
    if (last) {
      // Up to half a period may be missing or inserted between two chirps.
      const elapsed = (position - last.position) / INTERVAL_SECONDS;
      number += BANDS * Math.round((last.number + elapsed - band) / BANDS);
    }
    last = { number, position };
    starts.push(position - number * INTERVAL_SECONDS);
  }
  return starts.slice(1, -1).map((_, n) => median(starts.slice(n, n + 3)));
}

/** @param {number[]} three */
const median = (three) => three.sort((one, other) => one - other)[1];

/**
 * Returns the position of the highest correlation near `at`, to less than a sample.
 * @param {Float32Array} samples
 * @param {number} at
 * @param {Float32Array} template
 */
function refine(samples, at, template) {
  const value = (position) => Math.abs(correlate(samples, position, template));
  let best = at;
  let highest = 0;
  for (let near = at - 2 * STRIDE; near <= at + 2 * STRIDE; near++) {
    const correlation = value(near);
    if (correlation > highest) [best, highest] = [near, correlation];
  }
  // The peak of the parabola through the three highest values.
  const [before, after] = [value(best - 1), value(best + 1)];
  return best + (0.5 * (before - after)) / (before - 2 * highest + after);
}

/**
 * @param {Float32Array} samples
 * @param {number} at
 * @param {Float32Array} template
 */
function correlate(samples, at, template) {
  let sum = 0;
  for (let n = 0; n < template.length; n++) sum += samples[at + n] * template[n];
  return sum;
}

/** @param {Float32Array} samples */
const energy = (samples) => samples.reduce((sum, sample) => sum + sample ** 2, 0);

/**
 * Returns the energy of all samples before each position.
 * @param {Float32Array} samples
 */
function cumulativeEnergy(samples) {
  const sums = new Float64Array(samples.length + 1);
  for (let n = 0; n < samples.length; n++) sums[n + 1] = sums[n] + samples[n] ** 2;
  return sums;
}
