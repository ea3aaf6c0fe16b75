// The types and APIs of the browser.

import { verify } from "../outcome.js";
import { round, withLimit } from "../time.js";

const RECORDER_TYPES = [
  "audio/webm;codecs=opus",
  "audio/webm;codecs=pcm",
  "audio/ogg;codecs=opus",
  "audio/mp4;codecs=mp4a.40.2",
  "audio/mp4;codecs=opus",
  "audio/mp4",
  "audio/wav",
  "audio/mpeg",
];
const PLAYED_TYPES = [...RECORDER_TYPES, "audio/aac", "audio/flac", "audio/ogg;codecs=vorbis"];
const DECODER_CODECS = ["opus", "mp4a.40.2", "mp3", "flac", "vorbis", "pcm-s16"];
const CONSTRAINTS = [
  "autoGainControl",
  "channelCount",
  "deviceId",
  "echoCancellation",
  "noiseSuppression",
  "sampleRate",
];
/** A module with one SIMD instruction: `i8x16.splat`, `drop`. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0],
  ...[10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11],
);
const CHECK_LIMIT_MS = 3_000;

/** @param {string} name */
const isFunction = (name) => typeof (/** @type {any} */ (globalThis)[name]) === "function";

/**
 * One function for each row of the report.
 * @type {Record<string, () => unknown>}
 */
const CHECKS = {
  isSecureContext: () => isSecureContext,
  crossOriginIsolated: () => crossOriginIsolated,
  isInstalledApp: () => matchMedia("(display-mode: standalone)").matches,
  maxTouchPoints: () => navigator.maxTouchPoints,
  processors: () => navigator.hardwareConcurrency,
  wasm: () => typeof WebAssembly === "object",
  wasmSimd: () => WebAssembly.validate(SIMD_MODULE),
  getUserMedia: () => typeof navigator.mediaDevices?.getUserMedia === "function",
  constraints: () => {
    const supported = navigator.mediaDevices.getSupportedConstraints();
    return CONSTRAINTS.filter((name) => name in supported);
  },
  microphonePermission: async () => {
    const name = /** @type {PermissionName} */ ("microphone");
    return (await navigator.permissions.query({ name })).state;
  },
  mediaRecorder: () => isFunction("MediaRecorder"),
  recorderTypes: () => RECORDER_TYPES.filter((type) => MediaRecorder.isTypeSupported(type)),
  playedTypes: () =>
    PLAYED_TYPES.filter((type) => document.createElement("audio").canPlayType(type)),
  audioWorklet: () => isFunction("AudioWorkletNode"),
  offlineAudioContext: () => isFunction("OfflineAudioContext"),
  decodeAudioData: () => "decodeAudioData" in BaseAudioContext.prototype,
  audioDecoder: () => isFunction("AudioDecoder"),
  decoderCodecs: async () => {
    const supports = async (codec) =>
      (await AudioDecoder.isConfigSupported({ codec, sampleRate: 48_000, numberOfChannels: 1 }))
        .supported;
    const supported = await Promise.all(
      DECODER_CODECS.map((codec) => supports(codec).catch(() => false)),
    );
    return DECODER_CODECS.filter((_, n) => supported[n]);
  },
  audioSession: () => /** @type {any} */ (navigator).audioSession?.type,
  indexedDb: () => typeof indexedDB === "object",
  isStoragePersisted: () => navigator.storage.persisted(),
  storageQuotaMegabytes: async () => {
    const { quota = 0 } = await navigator.storage.estimate();
    return round(quota / 1e6);
  },
  webLocks: () => typeof navigator.locks?.request === "function",
  broadcastChannel: () => isFunction("BroadcastChannel"),
  serviceWorker: () => "serviceWorker" in navigator,
  uploadProgress: () => "upload" in XMLHttpRequest.prototype,
  digest: () => typeof crypto.subtle?.digest === "function",
  clipboard: () => typeof navigator.clipboard?.writeText === "function",
};

/** Lists the APIs that the SDK uses. Fails if none of its ways to record and load is there. */
export async function checkEnvironment() {
  /** @type {Record<string, any>} */
  const numbers = {};
  for (const [name, check] of Object.entries(CHECKS)) {
    const checked = withLimit((async () => check())(), CHECK_LIMIT_MS);
    // "none" is a result as well: the browser lacks what the check reads.
    numbers[name] = await checked.then(
      (value) => value ?? "none",
      (error) => `none (${error.name})`,
    );
  }
  return verify(numbers, [
    [numbers.isSecureContext, "the page is not served securely, so that no microphone is there"],
    [numbers.wasm === true, "there is no WebAssembly"],
    [numbers.wasmSimd === true, "WebAssembly has no SIMD"],
    [numbers.getUserMedia === true, "there is no getUserMedia"],
    [
      numbers.mediaRecorder || numbers.audioWorklet,
      "there is neither MediaRecorder nor AudioWorklet",
    ],
  ]);
}
