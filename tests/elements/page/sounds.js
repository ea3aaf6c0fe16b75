// WAV files made of numbers.

const HEADER_BYTES = 44;

/** Returns a 16-bit WAV whose sample at frame n is `sampleAt(n)`, from -1 to 1. */
export function wav(seconds, sampleAt, { rate = 16_000, channels = 1 } = {}) {
  const frames = Math.round(seconds * rate);
  const samples = new Int16Array(frames * channels);
  for (let index = 0; index < samples.length; index++) {
    samples[index] = Math.round(sampleAt(Math.floor(index / channels), index % channels) * 32_767);
  }
  return new Blob([header(samples.byteLength, rate, channels), samples], { type: "audio/wav" });
}

export function header(dataBytes, rate = 16_000, channels = 1) {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (at, value) => {
    for (let index = 0; index < value.length; index++) {
      view.setUint8(at + index, value.charCodeAt(index));
    }
  };
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, dataBytes, true);
  return view;
}

/** Returns something like speech: a tone in syllables. */
export const speech = (seconds) =>
  wav(
    seconds,
    (frame) =>
      0.4 *
      Math.sin(frame / 9) *
      Math.abs(Math.sin((frame / 16_000) * 4)) *
      Math.abs(Math.sin(frame / 900)),
  );
