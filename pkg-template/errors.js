// The error classes. This file imports nothing and needs no wasm, so that a
// page can catch by class without loading anything.

const BRAND = Symbol.for("thetaone-web.ThetaOneError");
/** To the next quote, space or tag: escaped, a key has more characters than its own alphabet. See redact.js, too. */
const KEYS = /sk-theta-[^\s"'`<]+/gi;
/** What an error holds besides its message: by name, of which type. */
const OWN = {
  code: "string", category: "string", status: "number", detail: "string", reason: "string", retryable: "boolean",
  retryAfterMs: "number", endpoint: "string", attempts: "object", occurredAt: "string", origin: "string", fix: "string",
  helpUrl: "string", outboxId: "string",
};
const JSON_FIELDS = { ...OWN, name: "string", message: "string", userMessages: "object", locale: "string", hasKey: "boolean" };
const ATTEMPT = { startedAt: "string", durationMs: "number", status: "number", code: "string", delayMs: "number" };
/** As many as `retry.maxAttempts` allows. */
const MOST_ATTEMPTS = 100;
const SPEAKER = { en: "string", ko: "string" };
/** For errors of which no sentence is known. */
const UNKNOWN = { en: "Please try again.", ko: "다시 시도해 주세요." };

const withoutKeys = (text) => text.replace(KEYS, "sk-theta-…");

/** `text` with percent-encoded what would begin a line, move the cursor or turn the direction of writing. */
const visible = (text) => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, encodeURI);

/** As in foreign.js, since this file imports nothing. */
function memberOf(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

/** Returns the members of these types, and no key in them. */
function membersOf(value, types) {
  const members = {};
  for (const [name, type] of Object.entries(types)) {
    const member = memberOf(value, name);
    if (typeof member === type) members[name] = type === "string" ? withoutKeys(member) : member;
  }
  return members;
}

function attemptsOf(list) {
  try {
    return list.slice(0, MOST_ATTEMPTS).map((attempt) => membersOf(attempt, ATTEMPT));
  } catch {
    return [];
  }
}

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
    const cause = memberOf(fields, "cause");
    const { message = "" } = membersOf(fields, { message: "string" });
    super(visible(message), cause === undefined ? undefined : { cause });
    for (const name in OWN) this[name] = undefined;
    Object.assign(this, membersOf(fields, OWN));
    this.attempts = attemptsOf(this.attempts);
    this.occurredAt ??= new Date().toISOString();
    this.#speaker = { ...UNKNOWN, ...membersOf(memberOf(fields, "userMessages") ?? fields, SPEAKER) };
    this.#locale = memberOf(fields, "locale") === "ko" ? "ko" : "en";
    this.#hasKey = memberOf(fields, "hasKey") === true;
  }

  /** Whether `value` is an error of this SDK, from whichever copy of it. */
  static is(value) {
    return typeof value === "object" && value !== null && memberOf(value, BRAND) === true;
  }

  /** The error that `toJSON()` wrote, in another realm or thread perhaps. It may be anything by now. */
  static from(json) {
    if (ThetaOneError.is(json) && memberOf(json, "toJSON")) return json;
    const { name, ...fields } = membersOf(json, JSON_FIELDS);
    if (!fields.code) {
      const fix = "ThetaOneError.from() takes what toJSON() of an error has returned";
      return new ConfigurationError({ code: "CONFIGURATION", category: "local", origin: "client", retryable: false, message: fix, fix });
    }
    const Class = Object.values(CLASSES).find(({ prototype }) => prototype.name === name) ?? ThetaOneError;
    return new Class(fields);
  }

  userMessage(locale = this.#locale) {
    return this.#speaker[locale === "ko" ? "ko" : "en"];
  }

  toJSON() {
    const json = { name: this.name, message: this.message };
    for (const name in OWN) if (this[name] !== undefined) json[name] = this[name];
    return { ...json, userMessages: this.#speaker, locale: this.#locale, hasKey: this.#hasKey };
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
