import { bytesOfText, textOf } from "../client/untrusted-values.js";
import { blobFrom, bytesOf } from "../prepare/blobs.js";

/** A body that breaks off. */
export const BROKEN_BODY = Symbol("broken body");

/**
 * Returns a `Response`. Returns an object with its most important members if there is no `Response`
 * or no stream, as in jsdom.
 * @param {any} body text, bytes, `null` or `BROKEN_BODY`
 * @param {{ status: number, headers: Headers }} init
 * @returns {Response}
 */
export function createResponse(body, init) {
  if (typeof Response === "function" && typeof ReadableStream === "function")
    return new Response(body === BROKEN_BODY ? brokenStream() : body, init);
  const text = async () => {
    if (body === BROKEN_BODY) throw new TypeError("network error");
    if (body === null || typeof body === "string") return body ?? "";
    return textOf(await bytesOf(await blobFrom(body)));
  };
  const { status, headers } = init;
  const json = async () => JSON.parse(await text());
  return /** @type {Response} */ ({ ok: status < 300, status, headers, text, json });
}

function brokenStream() {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytesOfText('{"text": "Welc'));
    },
    pull(controller) {
      controller.error(new TypeError("network error"));
    },
  });
}
