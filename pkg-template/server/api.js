// Written by `cargo xtask docs` from src/core/catalogue.rs and src/core/endpoint.rs.
export const API_URL = "https://stt.thetaone-ai.com";
export const KEY_PREFIX = "sk-theta-";
export const INVALID_KEY = "Invalid API key";
export const RATE_LIMITED = "Rate limit exceeded. Please try again later.";
export const ENDPOINTS = ["/transcribe", "/analyze-native", "/pronunciation", "/pronunciation-simple"];
export const TEXTS = {
  CONFIGURATION: { retryable: false, code: "CONFIGURATION", category: "local", fix: "Read `message`: it names the option and what was expected.", en: "Something is wrong with the app, not with you. Please tell your teacher or the app's support.", ko: "앱에 문제가 생겼어요. 잘못 눌러서 생긴 문제는 아니니 걱정하지 마세요. 선생님이나 고객센터에 알려 주세요." },
};
