// Written by `cargo xtask docs` from src/core/options/schema.rs.
export const RECORD = {
  maxSeconds: { kind: "number", min: 0.1, max: 3600 },
  stopOnSilenceSeconds: { kind: "number", min: 0.1, max: 3600 },
  capture: { kind: "oneOf", values: ["encoded", "pcm"] },
  onStart: "function",
  onLevel: "function",
  onStop: "function",
  deviceId: "text",
  constraints: { kind: "record", fields: {
  echoCancellation: "bool",
  noiseSuppression: "bool",
  autoGainControl: "bool",
} },
  stream: "unchecked",
  trimSilence: "bool",
  format: { kind: "oneOf", values: ["wav", "mp3"] },
  bitrateKbps: { kind: "oneOf", values: [32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] },
  signal: "signal",
};
