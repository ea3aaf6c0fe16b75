// The error classes. This file imports nothing and needs no wasm, so that a
// page can catch by class without loading anything.

const BRAND = Symbol.for("thetaone-web.ThetaOneError");
/** To the next quote, space or tag: escaped, a key has more characters than its own alphabet. See redact.js, too. */
const KEYS = /sk-theta-[^\s"'`<]+/gi;
/** Members of an error besides its message, each with a value of its type. */
const OWN = {
  code: "",
  category: "",
  status: 0,
  detail: "",
  reason: "",
  retryable: false,
  retryAfterMs: 0,
  endpoint: "",
  attempts: [],
  occurredAt: "",
  origin: "",
  fix: "",
  helpUrl: "",
  outboxId: "",
};
const JSON_MEMBERS = { ...OWN, name: "", message: "", userMessages: {}, locale: "", hasKey: false };
const ATTEMPT = { startedAt: "", durationMs: 0, status: 0, code: "", delayMs: 0 };
/** As many as `retry.maxAttempts` allows. */
const MOST_ATTEMPTS = 100;
/** For errors of which no sentence is known. */
const UNKNOWN = { en: "Please try again.", ko: "다시 시도해 주세요." };

const withoutKeys = (text) => text.replace(KEYS, "sk-theta-…");

/** `text` with percent-encoded what would begin a line, move the cursor or turn the direction of writing. */
const visible = (text) => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, encodeURI);

/** As in untrusted-values.js, since this file imports nothing. */
function memberOf(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

/** Returns those members of `value` that have the types of these, and no key in them. */
function membersOf(value, types) {
  const members = {};
  for (const name of Object.keys(types)) {
    const member = memberOf(value, name);
    if (typeof member === typeof types[name])
      members[name] = typeof member === "string" ? withoutKeys(member) : member;
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
      return new error.constructor({
        ...error,
        ...error.#speaker,
        message,
        ...(cause !== undefined && { cause }),
        ...client,
      });
    };
  }

  constructor(fields) {
    const cause = memberOf(fields, "cause");
    const { message = "" } = membersOf(fields, { message: "" });
    super(visible(message), cause === undefined ? undefined : { cause });
    for (const name in OWN) this[name] = undefined;
    Object.assign(this, membersOf(fields, OWN));
    this.attempts = attemptsOf(this.attempts);
    this.occurredAt ??= new Date().toISOString();
    this.#speaker = {
      ...UNKNOWN,
      ...membersOf(memberOf(fields, "userMessages") ?? fields, UNKNOWN),
    };
    this.#locale = memberOf(fields, "locale") === "ko" ? "ko" : "en";
    this.#hasKey = memberOf(fields, "hasKey") === true;
  }

  get [BRAND]() {
    return true;
  }

  /** Whether `value` is an error of this SDK, from whichever copy of it. */
  static is(value) {
    return typeof value === "object" && value !== null && memberOf(value, BRAND) === true;
  }

  /** The error that `toJSON()` wrote, in another realm or thread perhaps. It may be anything by now. */
  static from(json) {
    if (ThetaOneError.is(json) && memberOf(json, "toJSON")) return json;
    const { name, ...fields } = membersOf(json, JSON_MEMBERS);
    if (!fields.code) {
      const fix = "ThetaOneError.from() takes what toJSON() of an error has returned";
      return new ConfigurationError({
        code: "CONFIGURATION",
        category: "local",
        origin: "client",
        retryable: false,
        message: fix,
        fix,
      });
    }
    const Class =
      Object.values(CLASSES).find(({ prototype }) => prototype.name === name) ?? ThetaOneError;
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
    // Not mapped: of a typed array, that gives numbers.
    this.attempts.forEach(({ startedAt, durationMs, status, code, delayMs }, index) => {
      const answered = status === undefined ? "" : ` (${status})`;
      const waited = delayMs === undefined ? "" : `, then waited ${Math.round(delayMs)} ms`;
      lines.push(
        `  ${index + 1}. ${startedAt}: ${code}${answered} after ${Math.round(durationMs)} ms${waited}`,
      );
    });
    return withoutKeys(lines.map(visible).join("\n"));
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

// On the prototype, so that a minifier that renames the class cannot rename it, and so that it is there before any
// instance is.
for (const [name, { prototype }] of Object.entries(CLASSES)) {
  // The name that fetch gives it, so that code which tells aborts apart by name works.
  const value = name === "AbortedError" ? "AbortError" : name;
  Object.defineProperty(prototype, "name", { value, configurable: true, writable: true });
}

/** Makes the error of the class with this name; the core's way in. */
export function makeError(className, fields) {
  return new (CLASSES[className] ?? ThetaOneError)(fields);
}
