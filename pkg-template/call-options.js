// Written by `cargo xtask docs` from src/core/options.rs.
export const REQUEST = {
  signal: { expected: "an AbortSignal", kind: "signal" },
  onProgress: { expected: "a function", kind: "function" },
  attemptTimeoutMs: { expected: "a number from 1 to 2147483647", kind: "number", min: 1, max: 2147483647 },
  uploadStallMs: { expected: "a number from 1 to 2147483647", kind: "number", min: 1, max: 2147483647 },
  deadlineMs: { expected: "a number from 1 to 2147483647", kind: "number", min: 1, max: 2147483647 },
  retry: { expected: "an object", kind: "record", fields: {
  maxAttempts: { expected: "a whole number from 1 to 100", kind: "integer", min: 1, max: 100 },
  baseDelayMs: { expected: "a number from 0 to 2147483647", kind: "number", min: 0, max: 2147483647 },
  maxDelayMs: { expected: "a number from 0 to 2147483647", kind: "number", min: 0, max: 2147483647 },
  jitter: { expected: "one of \"full\", \"none\"", kind: "oneOf", names: ["full","none",] },
  timeouts: { expected: "true or false", kind: "bool" },
  connection: { expected: "true or false", kind: "bool" },
} },
};
export const LONG_REQUEST = {
  signal: { expected: "an AbortSignal", kind: "signal" },
  onProgress: { expected: "a function", kind: "function" },
  attemptTimeoutMs: { expected: "a number from 1 to 2147483647", kind: "number", min: 1, max: 2147483647 },
  uploadStallMs: { expected: "a number from 1 to 2147483647", kind: "number", min: 1, max: 2147483647 },
  deadlineMs: { expected: "a number from 1 to 2147483647", kind: "number", min: 1, max: 2147483647 },
  retry: { expected: "an object", kind: "record", fields: {
  maxAttempts: { expected: "a whole number from 1 to 100", kind: "integer", min: 1, max: 100 },
  baseDelayMs: { expected: "a number from 0 to 2147483647", kind: "number", min: 0, max: 2147483647 },
  maxDelayMs: { expected: "a number from 0 to 2147483647", kind: "number", min: 0, max: 2147483647 },
  jitter: { expected: "one of \"full\", \"none\"", kind: "oneOf", names: ["full","none",] },
  timeouts: { expected: "true or false", kind: "bool" },
  connection: { expected: "true or false", kind: "bool" },
} },
  maxPartSeconds: { expected: "a number from 5 to 55", kind: "number", min: 5, max: 55 },
  resume: { expected: "the `partial` of an error of transcribeLong", kind: "resume" },
};
export const PREPARE = {
  signal: { expected: "an AbortSignal", kind: "signal" },
  trimSilence: { expected: "true or false", kind: "bool" },
  format: { expected: "one of \"wav\", \"mp3\"", kind: "oneOf", names: ["wav","mp3",] },
  bitrateKbps: { expected: "one of 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160", kind: "anyOf", numbers: [32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] },
};
export const RECORD = {
  maxSeconds: { expected: "a number from 0.1 to 3600", kind: "number", min: 0.1, max: 3600 },
  stopOnSilenceSeconds: { expected: "a number from 0.1 to 3600", kind: "number", min: 0.1, max: 3600 },
  capture: { expected: "one of \"encoded\", \"pcm\"", kind: "oneOf", names: ["encoded","pcm",] },
  onLevel: { expected: "a function", kind: "function" },
  onStop: { expected: "a function", kind: "function" },
  deviceId: { expected: "a string that is not empty", kind: "text" },
  trimSilence: { expected: "true or false", kind: "bool" },
  format: { expected: "one of \"wav\", \"mp3\"", kind: "oneOf", names: ["wav","mp3",] },
  bitrateKbps: { expected: "one of 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160", kind: "anyOf", numbers: [32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] },
  signal: { expected: "an AbortSignal", kind: "signal" },
};
