// Four ways to convert a WAV of 48 kHz stereo floats to a WAV of 16 kHz mono 16-bit. Each function
// loads its library and returns the conversion. The measurements do not include loading.

import { encodeWav, readSamples } from "./wav.mjs";

const FROM = 48_000;
const TO = 16_000;

export const COMPETITORS = {
  async ours() {
    const { ThetaOne } = await import("thetaone-web");
    const theta = new ThetaOne({ baseUrl: "/api/theta" });
    await theta.ready();
    return async (blob) => (await theta.prepare(blob)).blob;
  },

  async offlineAudioContext() {
    return async (blob) => {
      const samples = await readSamples(blob);
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
      return encodeWav((await context.startRendering()).getChannelData(0), TO);
    };
  },

  async libsamplerate() {
    // A CommonJS module, whose exports are properties of its default export.
    const { create, ConverterType } = (await import("@alexanderolsen/libsamplerate-js")).default;
    const converterType = ConverterType.SRC_SINC_MEDIUM_QUALITY;
    const resampler = await create(1, FROM, TO, { converterType });
    return async (blob) => {
      // Resets the filter, so that no file affects the next.
      resampler.converterType = converterType;
      return encodeWav(resampler.simple(downmix(await readSamples(blob))), TO);
    };
  },

  async waveResampler() {
    const { resample } = await import("wave-resampler");
    return async (blob) =>
      encodeWav(resample(downmix(await readSamples(blob)), FROM, TO, { method: "sinc" }), TO);
  },

  /** Not a competitor: decodes a recording with the browser's decoder, and nothing else. */
  async decodeOnly() {
    return async (blob) => {
      const context = new OfflineAudioContext(1, 1, FROM);
      await context.decodeAudioData(await blob.arrayBuffer());
      return new Blob();
    };
  },
};

function downmix(stereo) {
  const mono = new Float32Array(stereo.length / 2);
  for (let frame = 0; frame < mono.length; frame++)
    mono[frame] = (stereo[frame * 2] + stereo[frame * 2 + 1]) / 2;
  return mono;
}
