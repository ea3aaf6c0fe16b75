// Copies the arguments of the public methods, which may change or throw while they are read.

import { ThetaOneError } from "../result/errors.js";
import { configurationError } from "./local-errors.js";
import { bytesIn, isArray, isRecord, messageOf } from "./untrusted-values.js";

/** Options that are records themselves. */
const NESTED = ["retry", "outbox", "references", "constraints"];
/** Maximum length of a chain of prototypes. A chain of Proxies may have no end. */
const MAX_PROTOTYPES = 100;

/**
 * Returns a copy of options, and any other value as it is. Later changes by the caller have no
 * effect on the copy, and a getter that throws does so here and not inside the core.
 *
 * The copy is flat and has no prototype, so that every reader sees the same members. Members that
 * are `undefined` are left out. Throws a ConfigurationError if the options cannot be read.
 * @template Value
 * @param {string} argumentName
 * @param {Value} value
 * @returns {Value}
 */
export function copyOptions(argumentName, value) {
  if (!isRecord(value)) return value;
  try {
    const copy = copyMembers(value);
    for (const name of NESTED) if (isRecord(copy[name])) copy[name] = copyMembers(copy[name]);
    if (isArray(copy.native_speech_components))
      copy.native_speech_components = toRawJson(copy.native_speech_components);
    return /** @type {Value} */ (copy);
  } catch (cause) {
    throw configurationError(`${argumentName} could not be read: a getter threw`, cause);
  }
}

/**
 * Returns copies of a method's first two arguments.
 * @param {unknown} audio
 * @param {unknown} options
 * @returns {[audio: unknown, options: unknown]}
 */
export const copyArguments = (audio, options) => [
  snapshotBytes(audio),
  copyOptions("options", options),
];

/**
 * Returns a copy of a call's last argument, which may be left out.
 * @param {unknown} value
 * @returns {unknown}
 */
export const copyRequest = (value) => copyOptions("request", value) ?? Object.create(null);

/**
 * Returns the members of an object. Includes inherited ones, such as those of a class or of an
 * object with defaults, but not those of `Object.prototype`, of any realm.
 * @param {Record<string, unknown>} options
 */
function copyMembers(options) {
  /** @type {Record<string, unknown>} */
  const members = Object.create(null);
  let holder = options;
  for (let depth = 0; holder !== null && !(depth > 0 && isObjectPrototype(holder)); depth++) {
    if (depth > MAX_PROTOTYPES) throw undefined;
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (!(name in members) && (depth === 0 || name !== "constructor"))
        members[name] = readMember(options, holder, name);
    }
    holder = Object.getPrototypeOf(holder);
  }
  for (const name in members) if (members[name] === undefined) delete members[name];
  return members;
}

/**
 * Reads the member that `holder` has; a method of a class keeps its `this`.
 * @param {Record<string, unknown>} options
 * @param {object} holder `options` or one of its prototypes
 * @param {string} name
 */
function readMember(options, holder, name) {
  const value = options[name];
  if (holder === options || typeof value !== "function") return value;
  const { value: method, enumerable } = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(holder, name)
  );
  return method === value && !enumerable ? value.bind(options) : value;
}

/** @param {object} object */
const isObjectPrototype = (object) =>
  Object.getPrototypeOf(object) === null && Object.hasOwn(object, "hasOwnProperty");

/**
 * Returns the JSON that is sent; returns `components` if there is none, which the core rejects.
 * @param {unknown} components
 * @returns {unknown}
 */
function toRawJson(components) {
  try {
    return JSON.stringify(components);
  } catch {
    return components;
  }
}

/**
 * Returns a blob of bytes as they are now, because the caller may change them; returns any other
 * value as it is.
 * @param {unknown} audio
 */
export function snapshotBytes(audio) {
  const bytes = bytesIn(audio);
  if (!bytes) return audio;
  try {
    return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]);
  } catch {
    // Blobs reject views of shared or growable memory.
    return new Blob([bytes.slice()]);
  }
}

/**
 * Resolves to the outcome of `call`, and rejects only with errors of the package. The core rejects
 * with those; anything else was thrown by an object of the caller.
 * @template Result
 * @param {() => Result | PromiseLike<Result>} call
 * @returns {Promise<Result>}
 */
export async function wrapErrors(call) {
  try {
    return await call();
  } catch (error) {
    throw toThetaOneError(error);
  }
}

/**
 * Returns the package's error for a value that an object of the caller threw.
 * @param {unknown} error
 */
export function toThetaOneError(error) {
  if (ThetaOneError.is(error)) return error;
  return configurationError(`an argument could not be used: ${messageOf(error)}`, error);
}
