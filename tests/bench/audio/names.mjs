// The names of the competitors in tables, by their names in competitors.mjs.

export const NAMES = {
  ours: "thetaone-web",
  offlineAudioContext: "OfflineAudioContext",
  libsamplerate: "libsamplerate-js, medium",
  waveResampler: "wave-resampler, sinc",
};
