// A call to an endpoint: its audio is prepared as part of it.

import { loadOutbox, loadTranscribeLong } from "../loading/lazy-features.js";
import { prepareForUpload } from "../prepare/prepare-audio.js";
import { textFields } from "../wasm/core.js";

/**
 * @import { EndpointMethod, CallMethod, Loaded, RequestBody, Runtime } from "../internal.js"
 */

/**
 * Calls a method of the API. Resolves to its result; rejects with one of the package's errors.
 * @param {Pick<Loaded, "runtime" | "elapsedMs">} loaded
 * @param {CallMethod} method
 * @param {unknown} audio
 * @param {unknown} options
 * @param {unknown} request
 * @returns {Promise<unknown>}
 */
export function call({ runtime, elapsedMs }, method, audio, options, request) {
  return method === "transcribeLong"
    ? callTranscribeLong(runtime, audio, options, request, elapsedMs)
    : callEndpoint(runtime, method, audio, options, request, elapsedMs);
}

/**
 * Calls an endpoint, through the outbox if the client has one. Resolves to the API's JSON.
 * @param {Runtime} runtime
 * @param {EndpointMethod} method
 * @param {unknown} audio
 * @param {unknown} options
 * @param {unknown} request
 * @param {number} elapsedMs the time that the call has taken already
 */
async function callEndpoint(runtime, method, audio, options, request, elapsedMs) {
  const { handle } = runtime;
  /**
   * @param {AbortController} controller
   * @returns {Promise<RequestBody>}
   */
  const prepare = async ({ signal }) => {
    // A mistake in the call is reported before the recording is read.
    const fields = textFields(method, options);
    return { ...(await prepareForUpload(audio, { signal })), fields };
  };
  if (!handle.hasOutbox) return handle.send(method, prepare, request, elapsedMs);
  try {
    // Loaded with the client.
    const outbox = await loadOutbox();
    return await outbox.send(runtime, audio, method, prepare, request, elapsedMs);
  } catch (thrown) {
    throw handle.toError(thrown);
  }
}

/**
 * Transcribes a recording of any length. Resolves to one transcript; see transcribe-long/index.js.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {unknown} options
 * @param {any} request checked by `longCallLimits` before it is read
 * @param {number} elapsedMs the time that the call has taken already
 */
async function callTranscribeLong(runtime, audio, options, request, elapsedMs) {
  const { handle } = runtime;
  let scope;
  try {
    const limits = handle.longCallLimits(request);
    scope = handle.scope(request.signal, limits.deadlineMs, elapsedMs);
    const { transcribeLong } = await scope.run(loadTranscribeLong());
    return await transcribeLong(runtime, audio, options, request, limits, scope);
  } catch (thrown) {
    throw handle.toError(thrown, "transcribe");
  } finally {
    scope?.free();
  }
}
