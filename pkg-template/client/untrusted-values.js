// Reads values that may be anything: of a caller, of another realm, or a Proxy that throws whenever
// it is used. Nothing here throws.
//
// `instanceof` alone does not suffice, because it knows one realm only. An iframe, a message of a
// worker, `node:vm` and the sandboxes of Jest and Vitest have classes of their own.

/**
 * Returns the member `name`, or `undefined` if it cannot be read.
 * @param {any} value `any`, because even `undefined` is tried
 * @param {PropertyKey} name
 * @returns {unknown}
 */
export function memberOf(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

/**
 * Returns the own member `name`, or `undefined` if there is none or it cannot be read. Members that
 * code has added to `Object.prototype` are no options.
 * @param {any} value `any`, because even `undefined` is tried
 * @param {PropertyKey} name
 * @returns {unknown}
 */
export function ownMemberOf(value, name) {
  try {
    return Object.hasOwn(value, name) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the names of the own members; an empty array if they cannot be read.
 * @param {any} value `any`, because even `undefined` is tried
 */
export function namesOf(value) {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

/**
 * True if `value` is an array; false for a revoked Proxy, for which `Array.isArray` throws.
 * @param {unknown} value
 * @returns {value is unknown[]}
 */
export function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * True if `value` is an object and not an array.
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export const isRecord = (value) => typeof value === "object" && value !== null && !isArray(value);

/**
 * Returns the name of the platform's class, such as `Blob`. For an instance of a subclass, returns
 * the name of the platform's class that it extends.
 * @param {unknown} value
 */
export function tagOf(value) {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return "";
  }
}

/**
 * Returns the message of a thrown value, or its type if there is no message.
 * @param {unknown} thrown
 */
export function messageOf(thrown) {
  const message = typeof thrown === "string" ? thrown : memberOf(thrown, "message");
  return typeof message === "string" ? message : typeof thrown;
}

/**
 * Returns a built-in module of Node; `undefined` elsewhere.
 *
 * Bundlers see no import here. The name of the function is a string, because builds for the edge
 * runtime of Next reject sources that read it from `process`.
 * @param {string} name
 * @returns {any} untyped, because the package has no types of Node
 */
export function nodeModule(name) {
  try {
    return /** @type {any} */ (
      memberOf(/** @type {any} */ (globalThis).process, "getBuiltinModule")
    )?.(name);
  } catch {
    return undefined;
  }
}

/**
 * Returns the text of UTF-8 bytes. The jsdom of Jest has no TextDecoder.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export const textOf = (bytes) =>
  new (globalThis.TextDecoder ?? nodeModule("util").TextDecoder)().decode(bytes);

/**
 * Returns the UTF-8 bytes of a text. The jsdom of Jest has no TextEncoder.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const bytesOfText = (text) =>
  new (globalThis.TextEncoder ?? nodeModule("util").TextEncoder)().encode(text);

/**
 * Returns a view of the bytes of a buffer, which may be shared, or of a view; `undefined` for any
 * other value.
 * @param {any} value `any`, because the constructor of DataView decides
 */
export function bytesIn(value) {
  try {
    // DataView checks that `value` is a buffer, whatever class it pretends to have.
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(value)
      ? value
      : new DataView(value);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch {
    return undefined;
  }
}

/**
 * True if `value` is an instance of the platform's class `name`, of any realm or library.
 * @param {unknown} value
 * @param {string} name
 */
export function isA(value, name) {
  try {
    // `instanceof` is for libraries that set no tag, such as happy-dom. It throws if the platform
    // has no such class.
    return tagOf(value) === name || value instanceof /** @type {any} */ (globalThis)[name];
  } catch {
    return false;
  }
}

/**
 * True if `value` is a blob or a file. The getters of `Blob` throw for any other object.
 * @param {unknown} value
 * @returns {value is Blob}
 */
export const isBlob = (value) =>
  (isA(value, "Blob") || isA(value, "File")) && typeof memberOf(value, "size") === "number";

/**
 * True if `value` works as an AbortSignal. The getters of `AbortSignal` throw for any other object.
 * @param {unknown} value
 * @returns {value is AbortSignal}
 */
export const isSignal = (value) =>
  isA(value, "AbortSignal") &&
  typeof memberOf(value, "aborted") === "boolean" &&
  typeof memberOf(value, "addEventListener") === "function";

/**
 * Calls `abort` with the signal's reason, once, when the signal is aborted; at once if it is
 * already. Returns a function that stops listening.
 * @param {AbortSignal} signal
 * @param {(reason: unknown) => void} abort
 */
export function whenAborted(signal, abort) {
  let isOver = false;
  const onAbort = () => {
    if (!isOver) abort(memberOf(signal, "reason"));
    isOver = true;
  };
  /** @param {"addEventListener" | "removeEventListener"} method */
  const callMethod = (method) => {
    try {
      signal[method]("abort", onAbort);
    } catch {
      // A signal that cannot be listened to cannot abort.
    }
  };
  if (memberOf(signal, "aborted") === true) onAbort();
  else callMethod("addEventListener");
  return () => {
    isOver = true;
    callMethod("removeEventListener");
  };
}

/**
 * Calls a callback of the page, if there is one. An error that it throws, or that its promise
 * rejects with, is the page's own, and is reported like one that an event listener throws.
 * @template Message
 * @param {((message: Message) => unknown) | null | undefined} callback
 * @param {Message} message
 */
export async function notify(callback, message) {
  try {
    await callback?.(message);
  } catch (error) {
    // Node has no reportError, so a callback that fails is silent there.
    globalThis.reportError?.(error);
  }
}
