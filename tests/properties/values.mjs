// Unexpected values that callers might pass. Each is created anew, by its name, so that a failure
// can be reproduced.

import { createContext, runInContext } from "node:vm";

const realm = createContext({});
const foreign = (source) => () => runInContext(source, realm);

/** The names of all members that the package may read. */
const NAMES = [
  "signal",
  "deadlineMs",
  "retry",
  "onProgress",
  "gold_text",
  "language",
  "native_speech_components",
  "suppress_korean",
  "fetch",
  "headers",
  "baseUrl",
  "apiKey",
  "forget",
  "trimSilence",
  "format",
  "maxSeconds",
  "resume",
  "name",
  "message",
  "code",
  "reason",
  "cause",
  "then",
  "size",
  "type",
  "arrayBuffer",
  "blob",
  "status",
  "length",
  "maxAttempts",
];

const boom = () => {
  throw new RangeError("thrown by the caller's object");
};

/** An object whose known members all throw when they are read. */
const thrower = () =>
  Object.defineProperties(
    {},
    Object.fromEntries(NAMES.map((name) => [name, { get: boom, enumerable: true }])),
  );

const TRAPS = [
  "get",
  "has",
  "ownKeys",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "set",
  "defineProperty",
  "deleteProperty",
  "apply",
  "construct",
  "isExtensible",
  "preventExtensions",
  "setPrototypeOf",
];
const allTraps = Object.fromEntries(TRAPS.map((trap) => [trap, boom]));
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
/** An object with an endless chain of prototypes. */
const endless = () => new Proxy({}, { getPrototypeOf: endless });
const cyclic = () => {
  const value = { retry: {} };
  value.retry.retry = value;
  value.self = value;
  return value;
};
const detached = () => {
  const buffer = new ArrayBuffer(64);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
};
const rejected = (reason) => {
  const promise = Promise.reject(reason);
  promise.catch(() => {});
  return promise;
};

export const VALUES = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  zero: () => 0,
  one: () => 1,
  "minus zero": () => -0,
  NaN: () => NaN,
  Infinity: () => Infinity,
  "a huge number": () => 1e308,
  "2 ** 31": () => 2 ** 31,
  "a negative number": () => -1,
  "an empty string": () => "",
  "a string": () => "Wow",
  "a lone surrogate": () => "\ud800",
  "a long string": () => "x".repeat(100_000),
  "a symbol": () => Symbol("x"),
  "a bigint": () => 2n ** 70n,
  "a function": () => () => undefined,
  "a function that throws": () => boom,
  "an async function that rejects": () => () => rejected(new Error("x")),
  "a generator function": () =>
    function* () {
      yield 1;
    },
  "a class": () => class {},
  "an empty object": () => ({}),
  "an object without prototype": () => Object.create(null),
  "an array": () => [1, [2]],
  "a sparse array": () => Object.assign([], { length: 1000 }),
  "a cyclic object": cyclic,
  "a date": () => new Date(NaN),
  "a map": () => new Map([["signal", 1]]),
  "a set": () => new Set([1]),
  "a regular expression": () => /x/g,
  "an error": () => new Error("x"),
  "a URL": () => new URL("http://localhost/api"),
  "a Headers": () => new Headers({ a: "b" }),
  "a FormData": () => new FormData(),
  "a stream": () => new ReadableStream(),
  "a weak map": () => new WeakMap(),
  "a promise": () => Promise.resolve({}),
  "a rejected promise": () => rejected(new Error("x")),
  "a promise that never settles": () => new Promise(() => {}),
  "an object whose getters throw": thrower,
  "an object that inherits throwing getters": () => Object.create(thrower()),
  "an object of a class with getters": () =>
    new (class {
      get deadlineMs() {
        return 100;
      }
      get gold_text() {
        return "Wow";
      }
    })(),
  "a transparent proxy": () => new Proxy({}, {}),
  "a transparent proxy of a function": () => new Proxy(() => {}, {}),
  "a proxy that throws at everything": () => new Proxy({}, allTraps),
  "a proxy of a function that throws at everything": () => new Proxy(() => {}, allTraps),
  "a proxy of an array that throws at everything": () => new Proxy([], allTraps),
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of a function": () => revoked(() => {}),
  "a revoked proxy of an array": () => revoked([]),
  "a proxy whose prototypes have no end": endless,
  "a thenable that never calls back": () => ({ then() {} }),
  "a thenable that throws": () => ({ then: boom }),
  "a thenable whose then cannot be read": () => Object.defineProperty({}, "then", { get: boom }),
  "a thenable that calls back twice": () => ({
    then(resolve, reject) {
      resolve(1);
      reject(2);
      resolve(3);
    },
  }),
  "a thenable of itself": () => {
    const value = {
      then(resolve) {
        queueMicrotask(() => resolve(1));
      },
    };
    return value;
  },
  "what only looks like a signal": () => Object.create(AbortSignal.prototype),
  "what only looks like a blob": () => Object.create(Blob.prototype),
  "what calls itself a signal": () => ({
    [Symbol.toStringTag]: "AbortSignal",
    aborted: false,
    addEventListener: boom,
    removeEventListener: boom,
  }),
  "what calls itself a blob": () => ({
    [Symbol.toStringTag]: "Blob",
    size: 1e15,
    slice: boom,
    arrayBuffer: boom,
  }),
  "a blob that is never read": () =>
    Object.assign(new Blob(["x"]), { slice: () => ({ arrayBuffer: () => new Promise(() => {}) }) }),
  "a blob that reads as something else": () =>
    Object.assign(new Blob(["RIFF"]), { slice: () => ({ arrayBuffer: () => ({ length: 1e9 }) }) }),
  "what calls itself a buffer": () => ({
    [Symbol.toStringTag]: "ArrayBuffer",
    byteLength: 1e15,
    length: 1e9,
  }),
  "a detached buffer": detached,
  "shared memory": () => new SharedArrayBuffer(64),
  "a view of shared memory": () => new Uint8Array(new SharedArrayBuffer(64)),
  "memory that may grow": () => new ArrayBuffer(8, { maxByteLength: 64 }),
  "a view of detached memory": () => {
    const view = new Uint8Array(8);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return view;
  },
  "a BigInt64Array": () => new BigInt64Array(4),
  "an aborted signal": () => AbortSignal.abort(new Error("gone")),
  "an aborted signal whose reason throws": () => AbortSignal.abort(thrower()),
  "a signal aborted with a revoked proxy": () => AbortSignal.abort(revoked({})),
  "a signal that is aborted soon": () => AbortSignal.timeout(1),
  "an object of another realm": foreign("({})"),
  "a getter of another realm that throws": foreign("({ get retry() { throw new Error('x') } })"),
  "an array of another realm": foreign("[1, 2]"),
  "a buffer of another realm": foreign("new ArrayBuffer(64)"),
  "a view of another realm": foreign("new Float32Array(16)"),
  "a data view of another realm": foreign("new DataView(new ArrayBuffer(64))"),
  "an error of another realm": foreign("new TypeError('x')"),
  "a promise of another realm": foreign("Promise.resolve({ x: 1 })"),
  "a function of another realm that throws": foreign("(function () { throw new Error('x') })"),
  "an impostor of a Take": () => ({
    [Symbol.for("thetaone-web.Take")]: true,
    get blob() {
      return boom();
    },
  }),
  "an impostor of an error": () => ({
    [Symbol.for("thetaone-web.ThetaOneError")]: true,
    code: "X",
    message: 5,
  }),
  "what becomes no JSON": () => ({ toJSON: boom }),
  "components that call themselves back": () => [{ toJSON: () => ({ type: "word" }) }],
};
