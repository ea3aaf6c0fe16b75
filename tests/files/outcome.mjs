// Determines the outcome of a file in Node, in a window and in a worker.

/** Returns a client of `ThetaOne`, and the list of the files that it sends. */
function sending(ThetaOne) {
  const sent = [];
  const theta = new ThetaOne({
    baseUrl: "https://example.com/api",
    fetch: async (_url, { body }) => {
      sent.push(body.get("file"));
      return new Response('{"text":"hi","text_type":"en"}', {
        status: 200,
        headers: { "content-type": "application/json" },
      });
    },
  });
  return { theta, sent };
}

/**
 * Resolves to `{ sent, take, reason }`; see all.mjs. For an error of another kind than the
 * package's, the reason is its name and message.
 */
export async function outcomeOf({ ThetaOne, ThetaOneError }, bytes) {
  const { theta, sent } = sending(ThetaOne);
  const refused = (error) =>
    ThetaOneError.is(error) && error.reason ? error.reason : `${error?.name}: ${error?.message}`;
  const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());
  const take = await theta.prepare(bytes).catch(refused);
  const reason = await theta.transcribe(bytes).then(() => undefined, refused);
  theta.dispose();
  if (typeof take === "string" || reason !== undefined) {
    // A silent file leads to a take, but cannot be sent.
    const isSame = take === reason || (reason === "silent" && typeof take === "object");
    return {
      reason: isSame
        ? reason
        : `${JSON.stringify(take.durationSeconds ?? take)} prepared, ${reason ?? "sent"} transcribed`,
    };
  }
  const [bytesSent, takeBytes] = await Promise.all([sent[0], take.blob].map(bytesOf));
  const isSent =
    bytesSent.length === takeBytes.length && bytesSent.every((byte, at) => byte === takeBytes[at]);
  return {
    sent: bytesSent,
    take: { isSent, durationSeconds: take.durationSeconds, warnings: take.warnings },
  };
}
