// The answers of the API: those of its error reference by name, and successes in
// the documented shapes.

import { REFERENCE } from "./error-reference.js";

/** What the API's errors are called here; each is a `code` of the SDK. */
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

/** What is said where the reference has no words for it. */
const UNWORDED = "(scripted) not in the reference";
/** In seconds. */
const WORD_SECONDS = 0.4;
const SCORE = 95;

/** An answer of the error reference, the first of its code unless `reason` names another. */
function refusal(name, code, { reason, detail, retryAfterSeconds, delayMs } = {}) {
  const rows = REFERENCE.filter((row) => row.code === code);
  const row = reason === undefined ? rows[0] : rows.find((one) => one.reason === reason);
  if (!row) {
    const known = rows.flatMap((one) => one.reason ?? []).join(", ");
    throw new TypeError(
      `answers.${name} has no reason ${reason}${known && `; there are ${known}`}`,
    );
  }
  const isPage = row.byGateway && detail === undefined;
  const step = {
    status: row.status,
    headers: { "content-type": isPage ? "text/html" : "application/json" },
    body: isPage
      ? `<html><body><h1>${row.status}</h1></body></html>`
      : { detail: detail ?? row.detail ?? UNWORDED },
  };
  if (retryAfterSeconds !== undefined) step.headers["retry-after"] = String(retryAfterSeconds);
  if (delayMs !== undefined) step.delayMs = delayMs;
  return step;
}

const success = (body) => ({ status: 200, body });
const sentenceOf = (request) => String(request.fields.options?.gold_text ?? "");

/** A word for each word of `sentence`, with `changes` by word; see testing.d.ts. */
export function speechComponents(sentence, changes = {}) {
  const unused = new Set(Object.keys(changes));
  const components = sentence
    .split(/\s+/)
    .filter(Boolean)
    .map((word, index) => {
      // As it is said: without what surrounds it.
      const bare = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
      unused.delete(bare);
      const [start, end] = [index, index + 1].map(
        (count) => Math.round(count * WORD_SECONDS * 100) / 100,
      );
      return {
        type: "word",
        word: bare,
        start,
        end,
        score: SCORE,
        is_correct: true,
        is_stressed: false,
        feedback: null,
        syllables: [],
        ...(Object.hasOwn(changes, bare) ? changes[bare] : {}),
      };
    });
  if (unused.size > 0)
    throw new TypeError(`speechComponents: "${sentence}" has no word ${[...unused].join(", ")}`);
  return components;
}

const pronunciation = (fields = {}) =>
  success((request) => ({
    user_speech_components: speechComponents(sentenceOf(request)),
    ...fields,
  }));

/** What the API answers; see testing.d.ts. */
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
    success((request) => ({ speech_components: speechComponents(sentenceOf(request)), ...fields })),
  pronunciation,
  pronunciationSimple: pronunciation,
  ...Object.fromEntries(
    Object.entries(CODES).map(([name, code]) => [name, (options) => refusal(name, code, options)]),
  ),
};
