// Written by `cargo xtask docs` from src/core/options/schema.rs.
export const REQUEST = {
  signal: "signal",
  onProgress: "function",
  attemptTimeoutMs: { kind: "number", min: 1, max: 2147483647 },
  uploadStallMs: { kind: "number", min: 1, max: 2147483647 },
  deadlineMs: { kind: "number", min: 1, max: 2147483647 },
  retry: { kind: "record", fields: {
  maxAttempts: { kind: "integer", min: 1, max: 100 },
  baseDelayMs: { kind: "number", min: 0, max: 2147483647 },
  maxDelayMs: { kind: "number", min: 0, max: 2147483647 },
  jitter: { kind: "oneOf", values: ["full", "none"] },
  timeouts: "bool",
  connection: "bool",
} },
};
export const LONG_REQUEST = {
  signal: "signal",
  onProgress: "function",
  attemptTimeoutMs: { kind: "number", min: 1, max: 2147483647 },
  uploadStallMs: { kind: "number", min: 1, max: 2147483647 },
  deadlineMs: { kind: "number", min: 1, max: 2147483647 },
  retry: { kind: "record", fields: {
  maxAttempts: { kind: "integer", min: 1, max: 100 },
  baseDelayMs: { kind: "number", min: 0, max: 2147483647 },
  maxDelayMs: { kind: "number", min: 0, max: 2147483647 },
  jitter: { kind: "oneOf", values: ["full", "none"] },
  timeouts: "bool",
  connection: "bool",
} },
  maxPartSeconds: { kind: "number", min: 5, max: 55 },
  resume: "unchecked",
};
export const PREPARE = {
  signal: "signal",
  trimSilence: "bool",
  format: { kind: "oneOf", values: ["wav", "mp3"] },
  bitrateKbps: { kind: "oneOf", values: [32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] },
};
