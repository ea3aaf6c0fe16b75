// The end of a response of node:http whose upload is not complete. Loaded with the first of them.

import { drain } from "./drain.js";

/** @import { IncomingMessage, ServerResponse } from "./node-adapter.js" */

/**
 * Sends the body of a response, then reads and drops the rest of the upload, up to a limit. If the
 * connection were closed while the caller sends, the caller would lose the response.
 * @param {Response} response
 * @param {ServerResponse} outgoing has the status and the headers
 * @param {IncomingMessage} incoming
 * @param {AsyncIterator<Uint8Array>} chunks the upload
 */
export async function endEarly(response, outgoing, incoming, chunks) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  // With a length, the response is complete for callers while they upload. nginx 1.22 sends no more
  // of the upload once it has the headers, and would wait for the end of the response.
  outgoing.setHeader("content-length", `${bytes.length}`);
  outgoing.write(bytes);
  outgoing.flushHeaders();
  await drain({
    read: () => chunks.next(),
    cancel: async () => outgoing.end(() => incoming.destroy()),
  });
  outgoing.end();
}
