// A sound whose every slice of 10 ms can be recognized in a recording of it: pseudo-random noise.
// It tells the time by itself, so that a busy machine cannot blur what a recording has lost.

/** The sample rate of the sound and of takes, in Hz. */
export const SOUND_RATE = 16_000;
export const SLICE_MS = 10;
const SLICE = (SOUND_RATE * SLICE_MS) / 1000;
/** The correlation above which a slice counts as recognized. Other slices reach 0.4. */
const RECOGNIZED = 0.6;
/** How long the sound plays before it is recorded, in seconds. */
const LEAD_SECONDS = 0.5;
/** The slices from which the position of a recording is found. */
const ANCHOR = 4 * SLICE;
/** The distances in which a slice is searched, in samples: near the one before it, or anywhere. */
const NEAR = 8;
const FAR = SOUND_RATE / 5;

/** Returns the sound: noise below 5 kHz, which resampling and codecs preserve. */
export function codedSound(seconds) {
  const sound = new Float32Array(seconds * SOUND_RATE);
  let state = 0x2545f491;
  let previous = 0;
  for (let n = 0; n < sound.length; n++) {
    // Marsaglia's xorshift32.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const white = state / 2 ** 31;
    sound[n] = 0.25 * (white + previous);
    previous = white;
  }
  return sound;
}

/** Plays the sound in a page; resolves when it plays. Returns its stream and its position. */
export async function playCodedSound(sound) {
  // WebKit starts an audio context without a click only while a microphone is open.
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext();
  await context.resume();
  const buffer = context.createBuffer(1, sound.length, SOUND_RATE);
  buffer.copyToChannel(sound, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  source.connect(output);
  const startSeconds = context.currentTime + 0.1;
  source.start(startSeconds);
  const positionSeconds = () => context.currentTime - startSeconds;
  while (positionSeconds() < LEAD_SECONDS) await new Promise((resolve) => setTimeout(resolve));
  const close = async () => {
    for (const track of microphone.getTracks()) track.stop();
    await context.close();
  };
  return { stream: output.stream, positionSeconds, close };
}

/** Returns the samples of a 16-bit WAV with a header of 44 bytes. */
export const samplesOfWav = (bytes) =>
  Float32Array.from(new Int16Array(bytes, 44), (sample) => sample / 2 ** 15);

/**
 * Returns the milliseconds of `sound` that `recording` lacks, between the two positions in the
 * sound: at the head, at the tail, and in between.
 */
export function lostMs(recording, sound, fromSeconds, toSeconds) {
  const from = Math.ceil(fromSeconds * SOUND_RATE);
  const to = Math.floor(toSeconds * SOUND_RATE);
  const starts = [];
  for (let start = from; start + SLICE <= to; start += SLICE) starts.push(start);
  // The last slice ends where the recording was stopped.
  if (starts.at(-1) !== to - SLICE) starts.push(to - SLICE);
  let offset = offsetOf(recording, sound, from, to);
  const isFound = starts.map((start) => {
    const slice = sound.subarray(start, start + SLICE);
    const expected = start - offset;
    for (const distance of [NEAR, FAR]) {
      const { at, correlation } = search(
        slice,
        recording,
        expected - distance,
        expected + distance,
      );
      if (correlation < RECOGNIZED) continue;
      offset = start - at;
      return true;
    }
    return false;
  });
  const found = isFound.filter(Boolean).length;
  const head = isFound.indexOf(true);
  if (head < 0) return { head: starts.length * SLICE_MS, tail: 0, middle: 0 };
  const tail = starts.length - 1 - isFound.lastIndexOf(true);
  const middle = starts.length - found - head - tail;
  return { head: head * SLICE_MS, tail: tail * SLICE_MS, middle: middle * SLICE_MS };
}

/** Returns how far the recording begins after the sound, in samples. */
function offsetOf(recording, sound, from, to) {
  // A part of the recording may be damaged, so that several are tried.
  let best = { correlation: -1, offset: 0 };
  for (const part of [0.5, 0.35, 0.65]) {
    const start = Math.floor((recording.length - ANCHOR) * part);
    const anchor = recording.subarray(start, start + ANCHOR);
    const { at, correlation } = search(anchor, sound, from - SOUND_RATE, to + SOUND_RATE);
    if (correlation > best.correlation) best = { correlation, offset: at - start };
    if (correlation > RECOGNIZED) break;
  }
  return best.offset;
}

/** Returns where in `samples` the slice correlates best, and how well: 1 if it is the same. */
function search(slice, samples, first, last) {
  const energy = energyOf(slice, 0, slice.length);
  const end = Math.min(last, samples.length - slice.length);
  let best = { at: 0, correlation: -1 };
  for (let at = Math.max(0, first); at <= end; at++) {
    let product = 0;
    for (let n = 0; n < slice.length; n++) product += slice[n] * samples[at + n];
    if (product <= 0) continue;
    const norm = Math.sqrt(energy * energyOf(samples, at, slice.length));
    if (product > best.correlation * norm) best = { at, correlation: product / norm };
  }
  return best;
}

function energyOf(samples, start, count) {
  let energy = 0;
  for (let n = start; n < start + count; n++) energy += samples[n] ** 2;
  return energy;
}
