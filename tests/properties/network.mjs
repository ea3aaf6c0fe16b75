// Implementations of `fetch` that return wrong responses. `answer()` returns a right one.

import { VALUES } from "./values.mjs";

const ok = '{"text":"x","speech_components":[],"user_speech_components":[]}';
export const answer = (status = 200, body = ok, headers = {}) =>
  new Response(body, { status, headers });

const boom = () => {
  throw new RangeError("thrown by the caller's Response");
};
const like = (members) => ({
  ok: true,
  status: 200,
  headers: new Headers(),
  text: async () => ok,
  ...members,
});
const overridden = (name, descriptor, status) =>
  Object.defineProperty(answer(status), name, descriptor);
const never = () => new Promise(() => {});

/** The responses of a `fetch`, by name. */
const ANSWERS = {
  "an honest answer": () => answer(),
  "an honest 429": () => answer(429, '{"detail":"Rate limit exceeded."}', { "retry-after": "0" }),
  "an honest 500": () => answer(500, "{}"),
  "something like a Response": () => like({}),
  "headers.get throws": () => like({ headers: { get: boom } }),
  "headers cannot be read": () => Object.defineProperty(like({}), "headers", { get: boom }),
  "status cannot be read": () => Object.defineProperty(like({}), "status", { get: boom }),
  "a status of NaN": () => like({ status: NaN }),
  "a status of 1e9": () => like({ status: 1e9 }),
  "a bigint status": () => like({ status: 200n }),
  "text() returns a string": () => like({ text: () => ok }),
  "text() returns nothing": () => like({ text: () => undefined }),
  "text() throws": () => like({ text: boom }),
  "text() never settles": () => like({ text: never }),
  "text() gives a number": () => like({ text: async () => 5 }),
  "text() gives a symbol": () => like({ text: async () => Symbol("x") }),
  "text() gives a thenable that throws": () => like({ text: () => ({ then: boom }) }),
  "text cannot be read": () => Object.defineProperty(like({}), "text", { get: boom }),
  "json() gives a cyclic object": () =>
    like({
      text: undefined,
      json: async () => {
        const it = {};
        it.it = it;
        return it;
      },
    }),
  "a Response whose text() returns no promise": () => overridden("text", { value: () => "x" }),
  "a Response whose text() throws": () => overridden("text", { value: boom }),
  "a Response whose text() never settles": () => overridden("text", { value: never }),
  "a Response whose arrayBuffer() returns no promise": () =>
    overridden("arrayBuffer", { value: () => "x" }, 500),
  "a Response whose arrayBuffer() gives anything": () =>
    overridden("arrayBuffer", { value: async () => ({ byteLength: 1e15 }) }, 500),
  "a Response whose arrayBuffer() throws": () => overridden("arrayBuffer", { value: boom }, 500),
  "a Response whose status throws": () => overridden("status", { get: boom }),
  "a Response whose headers.get throws": () =>
    overridden("headers", { value: Object.assign(new Headers(), { get: boom }) }),
  "a Response whose headers.get gives an object": () =>
    overridden("headers", { value: Object.assign(new Headers(), { get: () => ({}) }) }, 429),
  "a Response whose headers throw": () => overridden("headers", { get: boom }),
  "a Response whose body is locked": () => {
    const it = answer();
    it.body.getReader();
    return it;
  },
  "a Response that was read": async () => {
    const it = answer();
    await it.text();
    return it;
  },
  "a Response whose body breaks off": () =>
    answer(200, new ReadableStream({ pull: (controller) => controller.error(new Error("x")) })),
  "a Response whose body never ends": () => answer(200, new ReadableStream({})),
  "a proxy of a Response": () => new Proxy(answer(), {}),
  "a Response of a status only": () => Response.error(),
};

/**
 * Every `fetch`, by name: it resolves to one of the responses, returns any value, or fails with
 * one.
 */
export const FETCHES = {
  ...Object.fromEntries(Object.entries(ANSWERS).map(([name, make]) => [name, async () => make()])),
  ...Object.fromEntries(
    Object.entries(VALUES).map(([name, make]) => [`gives ${name}`, () => make()]),
  ),
  ...Object.fromEntries(
    Object.entries(VALUES).map(([name, make]) => [
      `throws ${name}`,
      () => {
        throw make();
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(VALUES).map(([name, make]) => [
      `rejects with ${name}`,
      async () => {
        throw make();
      },
    ]),
  ),
};
