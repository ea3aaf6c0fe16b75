// `take.peaks()` where a browser has to decode or to store the take. tests/packaging/peaks.test.mjs
// tests the numbers.

import { ThetaOne } from "../../pkg/index.js";
import { talkWav } from "../support/wav.js";
import { ManualServer } from "./support/server.js";
import { assert, rejection, test } from "./support/test.js";

/** The peaks of the tone of `talkWav()`. */
const TONE = 8_000 / 32_768;
/** A second of tone, one of silence and one of tone. */
const audio = () => talkWav([1, 1, 1]);

test("an MP3 take has the peaks of the sound that was encoded", async () => {
  const client = new ThetaOne({ baseUrl: "/api" });
  const take = await client.prepare(audio(), { format: "mp3" });
  assert.strictEqual(take.blob.type, "audio/mpeg");
  const peaks = await take.peaks(6);
  assert.instanceOf(peaks, Float32Array);
  // The encoder delays the sound by less than a tenth of a second: the silence begins in the third
  // bucket and ends in the fifth.
  for (const [bucket, size] of [TONE, TONE, undefined, 0, undefined, TONE].entries()) {
    if (size === undefined) continue;
    assert.closeTo(peaks[2 * bucket], -size, 0.1 * TONE, `smallest of ${bucket}`);
    assert.closeTo(peaks[2 * bucket + 1], size, 0.1 * TONE, `largest of ${bucket}`);
  }
});

for (const format of ["wav", "mp3"]) {
  test(`a take restored from the outbox has the peaks of the take that was sent: ${format}`, async () => {
    const server = new ManualServer();
    const client = new ThetaOne({
      baseUrl: "/api",
      outbox: true,
      retry: { maxAttempts: 1 },
      fetch: server.fetch,
    });
    const take = await client.prepare(audio(), { format });
    const call = client.transcribe(take);
    await server.respondToNext(503);
    await rejection(call);
    const [{ id }] = await client.outbox.list();
    const restored = await client.prepare(await client.outbox.get(id), { format });
    const peaks = await restored.peaks(100);
    assert.isAbove(Math.max(...peaks), 0.9 * TONE);
    assert.deepEqual(peaks, await take.peaks(100));
  });
}
