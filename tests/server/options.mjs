import { KEY } from "./upstream.mjs";

export const ALLOWED_ORIGIN = "https://app.example";

/** Returns the options of every proxy that is tested against the contract. */
export const contractOptions = (baseUrl) => ({
  apiKey: KEY,
  baseUrl,
  maxBytes: 1_000_000,
  timeoutMs: 5000,
  allowedOrigins: [ALLOWED_ORIGIN],
});
