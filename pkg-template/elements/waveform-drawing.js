// Draws waveforms. Loaded on demand, with the first recording that a waveform shows.

export { LiveWave } from "./live-wave.js";
export { peaksOf } from "./peaks.js";
export { WAVEFORM_STYLES } from "./waveform-styles.js";
export { WaveformTrack } from "./waveform-track.js";
