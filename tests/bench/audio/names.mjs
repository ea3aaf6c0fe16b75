// The contenders, by the names they have in contenders.mjs, as a reader of the tables knows them.

export const NAMES = {
  ours: "thetaone-web",
  offlineAudioContext: "OfflineAudioContext",
  libsamplerate: "libsamplerate-js, medium",
  waveResampler: "wave-resampler, sinc",
};
