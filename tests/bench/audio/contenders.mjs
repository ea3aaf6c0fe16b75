// From a WAV of 48 kHz stereo floats to a WAV of 16 kHz mono 16-bit, in four ways. Each function loads what it needs
// and gives the conversion; loading is not part of what is measured.

import { encoded, samplesOf } from "./wav.mjs";

const FROM = 48_000;
const TO = 16_000;

export const CONTENDERS = {
  async ours() {
    const { ThetaOne } = await import("thetaone-web");
    const theta = new ThetaOne({ baseUrl: "/api/theta" });
    await theta.ready();
    return async (blob) => (await theta.prepare(blob)).blob;
  },

  async offlineAudioContext() {
    return async (blob) => {
      const samples = await samplesOf(blob);
      const frames = samples.length / 2;
      const buffer = new AudioBuffer({ numberOfChannels: 2, length: frames, sampleRate: FROM });
      for (const channel of [0, 1]) {
        const own = buffer.getChannelData(channel);
        for (let frame = 0; frame < frames; frame++) own[frame] = samples[frame * 2 + channel];
      }
      const context = new OfflineAudioContext(1, Math.ceil((frames * TO) / FROM), TO);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      source.start();
      return encoded((await context.startRendering()).getChannelData(0), TO);
    };
  },

  async libsamplerate() {
    // A CommonJS module, all of it in its default export.
    const { create, ConverterType } = (await import("@alexanderolsen/libsamplerate-js")).default;
    const converterType = ConverterType.SRC_SINC_MEDIUM_QUALITY;
    const resampler = await create(1, FROM, TO, { converterType });
    return async (blob) => {
      // Starts afresh: otherwise the end of one file would ring in the next.
      resampler.converterType = converterType;
      return encoded(resampler.simple(downmixed(await samplesOf(blob))), TO);
    };
  },

  async waveResampler() {
    const { resample } = await import("wave-resampler");
    return async (blob) =>
      encoded(resample(downmixed(await samplesOf(blob)), FROM, TO, { method: "sinc" }), TO);
  },

  /** Not a contender: what the browser's decoder alone takes of a recording. */
  async decodeOnly() {
    return async (blob) => {
      const context = new OfflineAudioContext(1, 1, FROM);
      await context.decodeAudioData(await blob.arrayBuffer());
      return new Blob();
    };
  },
};

function downmixed(stereo) {
  const mono = new Float32Array(stereo.length / 2);
  for (let frame = 0; frame < mono.length; frame++)
    mono[frame] = (stereo[frame * 2] + stereo[frame * 2 + 1]) / 2;
  return mono;
}
