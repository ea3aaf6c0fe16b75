// The responses of the API: its errors by name, and successes in the documented shapes.

import { REFERENCE } from "./error-reference.js";

/** @import { RecordedRequest, ErrorResponseOptions, ResponseStep } from "../testing.js" */

/** The names of the API's errors in `answers`, with the `code` of the SDK for each. */
const CODES = {
  badRequest: "BAD_REQUEST",
  invalidOptions: "INVALID_OPTIONS",
  missingGoldText: "MISSING_GOLD_TEXT",
  invalidNativeSpeechComponents: "INVALID_NATIVE_SPEECH_COMPONENTS",
  notAllWordsSpoken: "NOT_ALL_WORDS_SPOKEN",
  invalidAudio: "INVALID_AUDIO",
  unauthorized: "UNAUTHORIZED",
  paymentRequired: "PAYMENT_REQUIRED",
  payloadTooLarge: "PAYLOAD_TOO_LARGE",
  rateLimited: "RATE_LIMIT_EXCEEDED",
  serverError: "INTERNAL_SERVER_ERROR",
  badGateway: "BAD_GATEWAY",
  serviceUnavailable: "SERVICE_UNAVAILABLE",
  gatewayTimeout: "GATEWAY_TIMEOUT",
};

/** The `detail` of errors for which the reference has none. */
const DEFAULT_DETAIL = "(scripted) not in the reference";
const WORD_SECONDS = 0.4;
const SCORE = 95;

/**
 * A row of the error reference.
 * @typedef {{ status: number, code: string, reason?: string, detail?: string, byGateway: boolean }}
 *   ReferenceRow
 */

/**
 * Returns an error response of the reference: the first row of `code`, or the one with `reason`.
 * @param {string} name
 * @param {string} code
 * @param {ErrorResponseOptions<string>} [options]
 * @returns {ResponseStep}
 */
function errorResponse(name, code, { reason, detail, retryAfterSeconds, delayMs } = {}) {
  /** @type {ReferenceRow[]} */
  const rows = REFERENCE.filter((row) => row.code === code);
  const row = reason === undefined ? rows[0] : rows.find((each) => each.reason === reason);
  if (!row) {
    const known = rows.flatMap((each) => each.reason ?? []).join(", ");
    throw new TypeError(
      `answers.${name} has no reason ${reason}${known && `; there are ${known}`}`,
    );
  }
  const isPage = row.byGateway && detail === undefined;
  /** @type {Record<string, string>} */
  const headers = { "content-type": isPage ? "text/html" : "application/json" };
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
  return {
    status: row.status,
    headers,
    body: isPage
      ? `<html><body><h1>${row.status}</h1></body></html>`
      : { detail: detail ?? row.detail ?? DEFAULT_DETAIL },
    ...(delayMs !== undefined && { delayMs }),
  };
}

/**
 * @param {ResponseStep["body"]} body
 * @returns {ResponseStep}
 */
const success = (body) => ({ status: 200, body });
/** @param {RecordedRequest} request */
const goldText = (request) => String(request.fields.options?.gold_text ?? "");

/** @type {typeof import("../testing.js").speechComponents} */
export function speechComponents(sentence, changes = {}) {
  const unused = new Set(Object.keys(changes));
  const components = sentence
    .split(/\s+/)
    .filter(Boolean)
    .map((word, index) => {
      // The word without surrounding punctuation.
      const bareWord = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
      unused.delete(bareWord);
      return {
        type: /** @type {const} */ ("word"),
        word: bareWord,
        start: startSeconds(index),
        end: startSeconds(index + 1),
        score: SCORE,
        is_correct: true,
        is_stressed: false,
        feedback: null,
        syllables: [],
        ...(Object.hasOwn(changes, bareWord) ? changes[bareWord] : {}),
      };
    });
  if (unused.size > 0)
    throw new TypeError(`speechComponents: "${sentence}" has no word ${[...unused].join(", ")}`);
  return components;
}

/** @param {number} wordIndex */
const startSeconds = (wordIndex) => Math.round(wordIndex * WORD_SECONDS * 100) / 100;

const pronunciation = (fields = {}) =>
  success((/** @type {RecordedRequest} */ request) => ({
    user_speech_components: speechComponents(goldText(request)),
    ...fields,
  }));

const errors = /** @type {Record<keyof typeof CODES, (options?: any) => ResponseStep>} */ (
  Object.fromEntries(
    Object.entries(CODES).map(([name, code]) => [
      name,
      (/** @type {ErrorResponseOptions<string>} */ options) => errorResponse(name, code, options),
    ]),
  )
);

/** @type {typeof import("../testing.js").answers} */
export const answers = {
  transcribe: (fields = {}) =>
    success({
      text: "Welcome to Theta One AI!",
      text_type: "en",
      metadata: {},
      response_time_in_sec: 0.4252,
      ...fields,
    }),
  analyzeNative: (fields = {}) =>
    success((/** @type {RecordedRequest} */ request) => ({
      speech_components: speechComponents(goldText(request)),
      ...fields,
    })),
  pronunciation,
  pronunciationSimple: pronunciation,
  ...errors,
};
