// What stands between callers and the core: arguments that change or throw
// while they are read.

import { configurationError } from "./local-errors.js";
import { ThetaOneError } from "../result/errors.js";
import { bytesIn, isArray, isRecord, messageOf } from "./untrusted-values.js";

/** Options that are records themselves. */
const NESTED = ["retry", "outbox", "references", "constraints"];
/** How long a chain of prototypes may be; one of Proxies may have no end. */
const MOST_HOLDERS = 100;

/**
 * Returns a copy of options: what the caller changes after the call has no effect on it, and a getter that throws does so
 * here and not inside the core. The copy is flat and has no prototype, so that every reader sees the same members. What is
 * `undefined` was not given.
 */
export function copyOptions(name, value) {
  if (!isRecord(value)) return value;
  try {
    const copy = membersOf(value);
    for (const inner of NESTED) if (isRecord(copy[inner])) copy[inner] = membersOf(copy[inner]);
    if (isArray(copy.native_speech_components))
      copy.native_speech_components = toRawJson(copy.native_speech_components);
    return copy;
  } catch (cause) {
    throw configurationError(`${name} could not be read: a getter threw`, cause);
  }
}

/** Returns a copy of a call's last argument, which may be left out. */
export const copyRequest = (value) => copyOptions("request", value) ?? Object.create(null);

/**
 * Returns the members of an object, inherited ones included: those of a class, or of the defaults that it was created from.
 * Not those of `Object.prototype`, of whichever realm.
 */
function membersOf(options) {
  const members = Object.create(null);
  let holder = options;
  for (let depth = 0; holder !== null && !(depth > 0 && isRoot(holder)); depth++) {
    if (depth > MOST_HOLDERS) throw undefined;
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (!(name in members) && (depth === 0 || name !== "constructor"))
        members[name] = memberFrom(options, holder, name);
    }
    holder = Object.getPrototypeOf(holder);
  }
  for (const name in members) if (members[name] === undefined) delete members[name];
  return members;
}

/** Reads the member that `holder` has; a method of a class keeps its `this`. */
function memberFrom(options, holder, name) {
  const value = options[name];
  if (holder === options || typeof value !== "function") return value;
  const { value: own, enumerable } = Object.getOwnPropertyDescriptor(holder, name);
  return own === value && !enumerable ? value.bind(options) : value;
}

const isRoot = (object) =>
  Object.getPrototypeOf(object) === null && Object.hasOwn(object, "hasOwnProperty");

/** As it is sent; what cannot be written, the core refuses. */
function toRawJson(components) {
  try {
    return JSON.stringify(components);
  } catch {
    return components;
  }
}

/** Bytes that the caller may change, as they are now. */
export function snapshotBytes(audio) {
  const bytes = bytesIn(audio);
  if (!bytes) return audio;
  try {
    return new Blob([bytes]);
  } catch {
    // Of shared or growing memory, blobs take no view.
    return new Blob([bytes.slice()]);
  }
}

/**
 * The core rejects with errors of the SDK only; anything else was thrown by an object of the caller's, and is named as
 * such.
 */
export async function wrapErrors(call) {
  try {
    return await call();
  } catch (error) {
    throw toThetaOneError(error);
  }
}

/** The package's error of what an object of the caller's threw. */
export function toThetaOneError(error) {
  if (ThetaOneError.is(error)) return error;
  return configurationError(`an argument could not be used: ${messageOf(error)}`, error);
}
