// Reads values that may be anything: a caller's, another realm's, or a Proxy that throws at every touch. Nothing here
// throws, and nothing asks `instanceof`, which knows one realm only: an iframe, a worker's message, `node:vm` and the
// sandboxes of Jest and Vitest have classes of their own.

/** Returns the member `name`, or `undefined` where it cannot be read. */
export function memberOf(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

/** Returns the own member `name`: what somebody added to `Object.prototype` is nobody's option. */
export function ownMemberOf(value, name) {
  try {
    return Object.hasOwn(value, name) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the names of the own members. */
export function namesOf(value) {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

/** Whether `value` is an array. A revoked Proxy, at which `Array.isArray` throws, is none. */
export function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

export const isRecord = (value) => typeof value === "object" && value !== null && !isArray(value);

/** Returns the name of the platform's class, such as `Blob`; of a subclass, that of the platform's class behind it. */
export function tagOf(value) {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return "";
  }
}

/** Returns what a thrown value says of itself. */
export function messageOf(thrown) {
  const message = typeof thrown === "string" ? thrown : memberOf(thrown, "message");
  return typeof message === "string" ? message : typeof thrown;
}

/**
 * Returns a module of Node's own, where Node is. Bundlers see no import here; and the name of the function stands apart,
 * because builds for Next's edge runtime refuse sources that ask `process` for it.
 */
export function nodeModule(name) {
  try {
    return memberOf(globalThis.process, "getBuiltinModule")?.(name);
  } catch {
    return undefined;
  }
}

/** Returns the text of bytes. Jest's jsdom has no TextDecoder. */
export const textOf = (bytes) =>
  new (globalThis.TextDecoder ?? nodeModule("util").TextDecoder)().decode(bytes);

/** Returns the bytes of text. */
export const bytesOfText = (text) =>
  new (globalThis.TextEncoder ?? nodeModule("util").TextEncoder)().encode(text);

/** Returns a view of the bytes of a buffer, shared ones included, or of a view; `undefined` for anything else. */
export function bytesIn(value) {
  try {
    // The constructor looks into the buffer itself, whatever the value says that it is.
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(value)
      ? value
      : new DataView(value);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch {
    return undefined;
  }
}

/** Whether `value` is of the platform's class `name`, of whichever realm or library. */
export function isA(value, name) {
  try {
    // The second for libraries that name no class, happy-dom for one.
    return tagOf(value) === name || value instanceof globalThis[name];
  } catch {
    return false;
  }
}

/** Whether `value` is a blob or a file. Its getters throw on what only looks like one. */
export const isBlob = (value) =>
  (isA(value, "Blob") || isA(value, "File")) && typeof memberOf(value, "size") === "number";

/** Whether `value` works as an AbortSignal. Its getters throw on whatever only looks like one. */
export const isSignal = (value) =>
  isA(value, "AbortSignal") &&
  typeof memberOf(value, "aborted") === "boolean" &&
  typeof memberOf(value, "addEventListener") === "function";

/**
 * Calls `abort` with the signal's reason, once, when the signal is aborted; at once if it is. Returns a function that
 * stops listening.
 */
export function whenAborted(signal, abort) {
  let isOver = false;
  const onAbort = () => {
    if (!isOver) abort(memberOf(signal, "reason"));
    isOver = true;
  };
  const callMethod = (method) => {
    try {
      signal[method]("abort", onAbort);
    } catch {
      // It cannot abort, then.
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
 * Calls a callback of the page's, if there is one. What it throws is the page's error: it is reported like one thrown in
 * an event listener.
 */
export function notify(callback, message) {
  try {
    callback?.(message);
  } catch (error) {
    // Node has no reportError; there, and only there, a throwing callback is silent.
    globalThis.reportError?.(error);
  }
}
