// Written by `cargo xtask docs` from src/core/catalogue.rs and src/core/microphone.rs.
export const TEXTS = {
  denied: { retryable: false, code: "MICROPHONE", category: "local", reason: "denied", fix: "Explain why the microphone is needed and how to allow it; in an iframe, set allow=\"microphone\".", en: "Please allow the microphone for this page and try again.", ko: "이 페이지의 마이크 사용을 허용한 뒤 다시 시도해 주세요." },
  not_found: { retryable: false, code: "MICROPHONE", category: "local", reason: "not_found", fix: "Ask the speaker to connect a microphone, or drop `deviceId`.", en: "We found no microphone. Please connect one and try again.", ko: "마이크를 찾을 수 없어요. 마이크를 연결하고 다시 시도해 주세요." },
  busy: { retryable: false, code: "MICROPHONE", category: "local", reason: "busy", fix: "Disable the button while a recording runs; ask the speaker to close other programs that use the microphone.", en: "The microphone is in use already. Please end the other recording, or close other apps, and try again.", ko: "마이크를 이미 사용하고 있어요. 다른 녹음을 끝내거나 다른 앱을 닫고 다시 시도해 주세요." },
  insecure_context: { retryable: false, code: "MICROPHONE", category: "local", reason: "insecure_context", fix: "Serve the page over https.", en: "Something is wrong with the app, not with you. Please tell your teacher or the app's support.", ko: "앱에 문제가 생겼어요. 잘못 눌러서 생긴 문제는 아니니 걱정하지 마세요. 선생님이나 고객센터에 알려 주세요." },
  unsupported: { retryable: false, code: "MICROPHONE", category: "local", reason: "unsupported", fix: "Record in a window of a current browser; elsewhere pass recorded audio.", en: "This browser cannot record. Please open the page in an up-to-date Chrome or Safari.", ko: "이 브라우저에서는 녹음할 수 없어요. 크롬(Chrome)이나 사파리(Safari) 최신 버전에서 열어 주세요." },
  interrupted: { retryable: false, code: "MICROPHONE", category: "local", reason: "interrupted", fix: "Let the speaker record again.", en: "The recording was interrupted. Please record it again.", ko: "녹음이 중단되었어요. 다시 녹음해 주세요." },
};
export const REASONS = new Map([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["PermissionDeniedError", "denied"],
  ["NotFoundError", "not_found"],
  ["OverconstrainedError", "not_found"],
  ["DevicesNotFoundError", "not_found"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
  ["TrackStartError", "busy"],
  ["InvalidStateError", "interrupted"],
]);
export const REFUSED = "the microphone could not be used: ";
export const MISSING = {
  unsupported: "this environment has no getUserMedia, MediaRecorder or AudioContext",
  insecure_context: "the page is not a secure context, so the browser hides the microphone from it",
};
