// The error classes. This file imports nothing and needs no wasm, so that a
// page can catch by class without loading anything.

const BRAND = Symbol.for("thetaone-web.ThetaOneError");
/** To the next quote, space or tag: escaped, a key has more characters than its own alphabet. See redact.js, too. */
const KEYS = /sk-theta-[^\s"'`<]+/gi;
const OWN = [
  "code", "category", "status", "detail", "reason", "retryable", "retryAfterMs", "endpoint",
  "attempts", "occurredAt", "origin", "fix", "helpUrl", "outboxId",
];

const withoutKeys = (text) => text.replace(KEYS, "sk-theta-…");

/** `text` with percent-encoded what would begin a line, move the cursor or turn the direction of writing. */
const visible = (text) => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, encodeURI);

/** A copy of an error that was made without a client, for one: it speaks its language. */
export let addressed;

export class ThetaOneError extends Error {
  #speaker;
  #locale;
  #hasKey;

  static {
    addressed = (error, client) => {
      const { message, cause } = error;
      return new error.constructor({ ...error, ...error.#speaker, message, ...(cause !== undefined && { cause }), ...client });
    };
  }

  constructor(fields) {
    super(visible(withoutKeys(fields.message)), "cause" in fields ? { cause: fields.cause } : undefined);
    for (const name of OWN) this[name] = fields[name];
    this.attempts ??= [];
    this.occurredAt ??= new Date().toISOString();
    this.#speaker = { en: fields.en, ko: fields.ko };
    this.#locale = fields.locale ?? "en";
    this.#hasKey = fields.hasKey === true;
  }

  /** Whether `value` is an error of this SDK, from whichever copy of it. */
  static is(value) {
    return typeof value === "object" && value !== null && value[BRAND] === true;
  }

  userMessage(locale = this.#locale) {
    return this.#speaker[locale === "ko" ? "ko" : "en"];
  }

  toJSON() {
    const json = { name: this.name, message: this.message };
    for (const name of OWN) if (this[name] !== undefined) json[name] = this[name];
    return json;
  }

  supportReport() {
    const lines = [
      `Theta One support report (${this.name}, ${this.code}${this.reason ? `, ${this.reason}` : ""})`,
      `UTC time: ${this.occurredAt}`,
      `Endpoint: ${this.endpoint ? `POST ${this.endpoint}` : "none"}`,
      `Status: ${this.status ?? "no answer"}`,
      `Detail: ${this.detail ?? this.message}`,
      `API key: ${this.#hasKey ? "sk-theta-… (prefix only)" : "not known to the page (added by its proxy)"}`,
      `Attempts: ${this.attempts.length}`,
    ];
    this.attempts.forEach((attempt, index) => {
      const { startedAt, durationMs, status, code, delayMs } = attempt;
      const waited = delayMs === undefined ? "" : `, then waited ${Math.round(delayMs)} ms`;
      lines.push(`  ${index + 1}. ${startedAt}: ${code}${status === undefined ? "" : ` (${status})`} after ${Math.round(durationMs)} ms${waited}`);
    });
    return withoutKeys(lines.map(visible).join("\n"));
  }
}

// On the prototype, so that a minifier that renames the class cannot rename it,
// and so that it is there before any instance is.
function literal(Class, name) {
  Object.defineProperty(Class.prototype, "name", { value: name, configurable: true, writable: true });
}
Object.defineProperty(ThetaOneError.prototype, BRAND, { value: true });
literal(ThetaOneError, "ThetaOneError");

export class BadRequestError extends ThetaOneError {}
literal(BadRequestError, "BadRequestError");
export class InvalidOptionsError extends BadRequestError {}
literal(InvalidOptionsError, "InvalidOptionsError");
export class MissingGoldTextError extends BadRequestError {}
literal(MissingGoldTextError, "MissingGoldTextError");
export class InvalidNativeSpeechComponentsError extends BadRequestError {}
literal(InvalidNativeSpeechComponentsError, "InvalidNativeSpeechComponentsError");
export class NotAllWordsSpokenError extends BadRequestError {}
literal(NotAllWordsSpokenError, "NotAllWordsSpokenError");
export class InvalidAudioError extends BadRequestError {}
literal(InvalidAudioError, "InvalidAudioError");
export class AuthenticationError extends ThetaOneError {}
literal(AuthenticationError, "AuthenticationError");
export class PaymentRequiredError extends ThetaOneError {}
literal(PaymentRequiredError, "PaymentRequiredError");
export class PayloadTooLargeError extends ThetaOneError {}
literal(PayloadTooLargeError, "PayloadTooLargeError");
export class RateLimitError extends ThetaOneError {}
literal(RateLimitError, "RateLimitError");
export class ServerError extends ThetaOneError {}
literal(ServerError, "ServerError");
export class UnexpectedStatusError extends ThetaOneError {}
literal(UnexpectedStatusError, "UnexpectedStatusError");
export class InvalidResponseError extends ThetaOneError {}
literal(InvalidResponseError, "InvalidResponseError");
export class ConnectionError extends ThetaOneError {}
literal(ConnectionError, "ConnectionError");
export class TimeoutError extends ThetaOneError {}
literal(TimeoutError, "TimeoutError");
export class AbortedError extends ThetaOneError {}
// The name that fetch gives it, so that code which tells aborts apart by name works.
literal(AbortedError, "AbortError");
export class MicrophoneError extends ThetaOneError {}
literal(MicrophoneError, "MicrophoneError");
export class StorageError extends ThetaOneError {}
literal(StorageError, "StorageError");
export class ConfigurationError extends ThetaOneError {}
literal(ConfigurationError, "ConfigurationError");
export class WasmLoadError extends ThetaOneError {}
literal(WasmLoadError, "WasmLoadError");

const CLASSES = {
  BadRequestError, InvalidOptionsError, MissingGoldTextError, InvalidNativeSpeechComponentsError,
  NotAllWordsSpokenError, InvalidAudioError, AuthenticationError, PaymentRequiredError,
  PayloadTooLargeError, RateLimitError, ServerError, UnexpectedStatusError, InvalidResponseError,
  ConnectionError, TimeoutError, AbortedError, MicrophoneError, StorageError, ConfigurationError, WasmLoadError,
};

/** Makes the error of the class with this name; the core's way in. */
export function makeError(className, fields) {
  return new (CLASSES[className] ?? ThetaOneError)(fields);
}
