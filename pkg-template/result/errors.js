// The error classes. This file imports nothing and needs no wasm, so that a page can catch errors
// by class without loading anything else.

/** @import { AnyThetaOneError, Locale, ThetaOneError as PublicError } from "../index.js" */
/** @import { ErrorFields } from "../internal.js" */

const BRAND = Symbol.for("thetaone-web.ThetaOneError");
/**
 * Matches an API key up to the next quote, space or tag. An escaped key has characters outside of
 * its own alphabet. See redact.js, too.
 */
const KEY_PATTERN = /sk-theta-[^\s"'`<]+/gi;
/** The fields of an error besides its message, each with a value of its type. */
const FIELDS = {
  code: "",
  category: "",
  status: 0,
  detail: "",
  reason: "",
  retryable: false,
  retryAfterMs: 0,
  endpoint: "",
  /** @type {unknown[]} */
  attempts: [],
  occurredAt: "",
  origin: "",
  fix: "",
  helpUrl: "",
  outboxId: "",
};
const JSON_FIELDS = {
  ...FIELDS,
  name: "",
  message: "",
  userMessages: {},
  locale: "",
  hasKey: false,
};
const ATTEMPT_FIELDS = { startedAt: "", durationMs: 0, status: 0, code: "", delayMs: 0 };
/** The largest value that `retry.maxAttempts` may have. */
const MAX_ATTEMPTS = 100;
/** The user messages of errors that have none of their own. */
const DEFAULT_USER_MESSAGES = { en: "Please try again.", ko: "다시 시도해 주세요." };

/** @param {string} text */
const withoutKeys = (text) => text.replace(KEY_PATTERN, "sk-theta-…");

/**
 * Percent-encodes the characters of `text` that would begin a line, move the cursor or change the
 * direction of writing.
 * @param {string} text
 */
const escapeControlCharacters = (text) => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, encodeURI);

/**
 * Does what `memberOf` of untrusted-values.js does. A copy, because this file imports nothing.
 * @param {any} value
 * @param {PropertyKey} name
 * @returns {any}
 */
function memberOf(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

/**
 * Returns the members of `value` that have the same types as those of `types`, without keys in
 * their text.
 * @template {object} Types
 * @param {unknown} value
 * @param {Types} types
 * @returns {Partial<Types>}
 */
function pickTyped(value, types) {
  /** @type {Record<string, unknown>} */
  const members = {};
  for (const name of Object.keys(types)) {
    const member = memberOf(value, name);
    if (typeof member === typeof (/** @type {any} */ (types)[name]))
      members[name] = typeof member === "string" ? withoutKeys(member) : member;
  }
  return /** @type {Partial<Types>} */ (members);
}

/**
 * @param {any} list
 * @returns {Partial<typeof ATTEMPT_FIELDS>[]}
 */
function pickAttempts(list) {
  try {
    return list
      .slice(0, MAX_ATTEMPTS)
      .map((/** @type {unknown} */ attempt) => pickTyped(attempt, ATTEMPT_FIELDS));
  } catch {
    return [];
  }
}

/**
 * Returns a copy of `error` with the fields of a client, such as its language, added. For errors
 * that were created without a client.
 * @type {(error: ThetaOneError, clientFields: ErrorFields) => ThetaOneError}
 */
export let withClientContext;

export class ThetaOneError extends Error {
  /** @type {Record<Locale, string>} */
  #userMessages;
  /** @type {Locale} */
  #locale;
  #hasKey;

  static {
    withClientContext = (error, clientFields) => {
      const { message, cause } = error;
      return new /** @type {typeof ThetaOneError} */ (error.constructor)({
        ...error,
        ...error.#userMessages,
        message,
        ...(cause !== undefined && { cause }),
        ...clientFields,
      });
    };
  }

  /** @param {ErrorFields} fields the fields, which may hold anything: each is checked */
  constructor(fields) {
    const cause = memberOf(fields, "cause");
    const { message = "" } = pickTyped(fields, { message: "" });
    super(escapeControlCharacters(message), cause === undefined ? undefined : { cause });
    for (const name in FIELDS) /** @type {any} */ (this)[name] = undefined;
    Object.assign(this, pickTyped(fields, FIELDS));
    /** @type {any} */ (this).attempts = pickAttempts(this.attempts);
    /** @type {any} */ (this).occurredAt ??= new Date().toISOString();
    this.#userMessages = {
      ...DEFAULT_USER_MESSAGES,
      ...pickTyped(memberOf(fields, "userMessages") ?? fields, DEFAULT_USER_MESSAGES),
    };
    this.#locale = memberOf(fields, "locale") === "ko" ? "ko" : "en";
    this.#hasKey = memberOf(fields, "hasKey") === true;
  }

  get [BRAND]() {
    return true;
  }

  /**
   * True if `value` is an error of this SDK, from whichever copy of it.
   * @param {unknown} value
   * @returns {value is AnyThetaOneError}
   */
  static is(value) {
    return typeof value === "object" && value !== null && memberOf(value, BRAND) === true;
  }

  /**
   * Returns the error that `toJSON()` has described, perhaps in another realm or thread. Returns a
   * `ConfigurationError` for any other value.
   * @param {unknown} json
   * @returns {AnyThetaOneError}
   */
  static from(json) {
    if (ThetaOneError.is(json) && memberOf(json, "toJSON")) return json;
    const { name, ...fields } = pickTyped(json, JSON_FIELDS);
    if (!fields.code) {
      const fix = "ThetaOneError.from() takes what toJSON() of an error has returned";
      const error = new ConfigurationError({
        code: "CONFIGURATION",
        category: "local",
        origin: "client",
        retryable: false,
        message: fix,
        fix,
      });
      return /** @type {AnyThetaOneError} */ (/** @type {PublicError} */ (error));
    }
    const Class =
      Object.values(CLASSES).find(({ prototype }) => prototype.name === name) ?? ThetaOneError;
    return /** @type {AnyThetaOneError} */ (/** @type {PublicError} */ (new Class(fields)));
  }

  /** @param {Locale} locale */
  userMessage(locale = this.#locale) {
    return this.#userMessages[locale === "ko" ? "ko" : "en"];
  }

  /** @returns {Record<string, unknown>} */
  toJSON() {
    /** @type {Record<string, unknown>} */
    const json = { name: this.name, message: this.message };
    for (const name in FIELDS)
      if (/** @type {any} */ (this)[name] !== undefined)
        json[name] = /** @type {any} */ (this)[name];
    return {
      ...json,
      userMessages: this.#userMessages,
      locale: this.#locale,
      hasKey: this.#hasKey,
    };
  }

  supportReport() {
    const lines = [
      `Theta One support report (${this.name}, ${this.code}` +
        (this.reason ? `, ${this.reason})` : ")"),
      `UTC time: ${this.occurredAt}`,
      `Endpoint: ${this.endpoint ? `POST ${this.endpoint}` : "none"}`,
      `Status: ${this.status ?? "no answer"}`,
      `Detail: ${this.detail ?? this.message}`,
      "API key: " +
        (this.#hasKey ? "sk-theta-… (prefix only)" : "not known to the page (added by its proxy)"),
      `Attempts: ${this.attempts.length}`,
    ];
    // Not `map`, which returns numbers for a typed array.
    this.attempts.forEach(({ startedAt, durationMs, status, code, delayMs }, index) => {
      const withStatus = status === undefined ? "" : ` (${status})`;
      const withDelay = delayMs === undefined ? "" : `, then waited ${Math.round(delayMs)} ms`;
      lines.push(
        `  ${index + 1}. ${startedAt}: ${code}${withStatus}` +
          ` after ${Math.round(durationMs)} ms${withDelay}`,
      );
    });
    return withoutKeys(lines.map(escapeControlCharacters).join("\n"));
  }
}

export class BadRequestError extends ThetaOneError {}
export class InvalidOptionsError extends BadRequestError {}
export class MissingGoldTextError extends BadRequestError {}
export class InvalidNativeSpeechComponentsError extends BadRequestError {}
export class NotAllWordsSpokenError extends BadRequestError {}
export class InvalidAudioError extends BadRequestError {}
export class AuthenticationError extends ThetaOneError {}
export class PaymentRequiredError extends ThetaOneError {}
export class PayloadTooLargeError extends ThetaOneError {}
export class RateLimitError extends ThetaOneError {}
export class ServerError extends ThetaOneError {}
export class UnexpectedStatusError extends ThetaOneError {}
export class InvalidResponseError extends ThetaOneError {}
export class ConnectionError extends ThetaOneError {}
export class TimeoutError extends ThetaOneError {}
export class AbortedError extends ThetaOneError {}
export class MicrophoneError extends ThetaOneError {}
export class StorageError extends ThetaOneError {}
export class ConfigurationError extends ThetaOneError {}
export class WasmLoadError extends ThetaOneError {}

const CLASSES = {
  ThetaOneError,
  BadRequestError,
  InvalidOptionsError,
  MissingGoldTextError,
  InvalidNativeSpeechComponentsError,
  NotAllWordsSpokenError,
  InvalidAudioError,
  AuthenticationError,
  PaymentRequiredError,
  PayloadTooLargeError,
  RateLimitError,
  ServerError,
  UnexpectedStatusError,
  InvalidResponseError,
  ConnectionError,
  TimeoutError,
  AbortedError,
  MicrophoneError,
  StorageError,
  ConfigurationError,
  WasmLoadError,
};

// Set on the prototype, so that a minifier that renames the class does not change the name, and so
// that the name exists before any instance does.
for (const [name, { prototype }] of Object.entries(CLASSES)) {
  // The name that fetch uses, so that code which recognizes aborts by name works.
  const value = name === "AbortedError" ? "AbortError" : name;
  Object.defineProperty(prototype, "name", { value, configurable: true, writable: true });
}

/**
 * Creates an error of the class with this name. The core creates its errors with it.
 * @param {string} className
 * @param {ErrorFields} fields
 */
export function makeError(className, fields) {
  return new (CLASSES[/** @type {keyof typeof CLASSES} */ (className)] ?? ThetaOneError)(fields);
}
