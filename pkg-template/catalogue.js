// Written by `cargo xtask docs` from src/core/catalogue.rs and src/core/options/schema.rs.
export const TEXTS = {
  CONFIGURATION: { retryable: false, category: "local", fix: "Read `message`: it names the option and what was expected.", en: "Something is wrong with the app, not with you. Please tell your teacher or the app's support.", ko: "앱에 문제가 생겼어요. 잘못 눌러서 생긴 문제는 아니니 걱정하지 마세요. 선생님이나 고객센터에 알려 주세요." },
  WASM_LOAD_FAILED: { retryable: false, category: "local", fix: "Allow it in the page's Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval'. Check that every file of the package is served.", en: "The app could not be loaded completely. Please check your connection and try again; if that does not help, reload the page.", ko: "앱을 모두 불러오지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요. 계속 안 되면 페이지를 새로고침해 주세요." },
  ABORTED: { retryable: false, category: "local", fix: "Nothing to do: this is what was asked for. `cause` holds the signal's reason.", en: "Cancelled.", ko: "취소되었어요." },
  ABORTED_TIMEOUT: { retryable: false, code: "ABORTED", category: "local", reason: "timeout", fix: "Give the signal more time. `cause` holds its reason.", en: "It is taking too long. Please check your connection and try again.", ko: "시간이 너무 오래 걸려요. 인터넷 연결을 확인하고 다시 시도해 주세요." },
  TIMEOUT: { retryable: false, category: "network", reason: "deadline", fix: "Allow more time, or let the speaker try again: the take is not lost.", en: "It is taking too long. Please check your connection and try again.", ko: "시간이 너무 오래 걸려요. 인터넷 연결을 확인하고 다시 시도해 주세요." },
};
export const ENDPOINTS = {
  transcribe: "/transcribe",
  analyzeNative: "/analyze-native",
  pronunciation: "/pronunciation",
  pronunciationSimple: "/pronunciation-simple",
  transcribeLong: "/transcribe",
};
export const CLIENT_OPTIONS = {
  baseUrl: "baseUrl",
  apiKey: "textOrFunction",
  dangerouslyAllowBrowserKey: "bool",
  headers: "headers",
  credentials: { kind: "oneOf", values: ["omit", "same-origin", "include"] },
  fetch: "function",
  retry: { kind: "record", fields: {
  maxAttempts: { kind: "integer", min: 1, max: 100 },
  baseDelayMs: { kind: "number", min: 0, max: 2147483647 },
  maxDelayMs: { kind: "number", min: 0, max: 2147483647 },
  jitter: { kind: "oneOf", values: ["full", "none"] },
  timeouts: "bool",
  connection: "bool",
} },
  attemptTimeoutMs: { kind: "number", min: 1, max: 2147483647 },
  uploadStallMs: { kind: "number", min: 1, max: 2147483647 },
  deadlineMs: { kind: "number", min: 1, max: 2147483647 },
  requestsPerMinute: { kind: "integer", min: 1, max: 100000 },
  maxConcurrent: { kind: "integer", min: 1, max: 1000 },
  shareAcrossTabs: "bool",
  locale: { kind: "oneOf", values: ["en", "ko"] },
  onEvent: "function",
  outbox: { kind: "switch", fields: {
  ttlMs: { kind: "number", min: 1, max: 31536000000 },
  maxBytes: { kind: "number", min: 1, max: 1000000000000 },
} },
  references: { kind: "record", fields: {
  persist: "bool",
  maxEntries: { kind: "integer", min: 1, max: 10000 },
} },
};
export const CALL_ABORTED = "the call was aborted";
export const CLIENT_DISPOSED = "the ThetaOne was disposed of while this ran";
export const DEADLINE_EXCEEDED = "the call was not done within its deadline of ";
