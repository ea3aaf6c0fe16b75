// An upload of a generated sound. No recording of the user is sent.

import { verify } from "../outcome.js";
import { vowel, wavOf } from "../signals.js";
import { round, timed } from "../time.js";

/** @import { Tools } from "../run.js" */

const RATE = 16_000;
const SECONDS = 5;

/**
 * Sends a sound to the API behind the page, and counts the reports of its progress.
 * @param {Tools} tools
 */
export async function upload({ createClient }) {
  const theta = createClient();
  const take = await theta.prepare(wavOf(vowel(SECONDS, RATE), RATE));
  let progressReports = 0;
  let sentBytes = 0;
  let attempts = 0;
  const { value: result, ms } = await timed(() =>
    theta.transcribe(
      take,
      {},
      {
        onProgress(progress) {
          attempts = progress.attempt;
          if (progress.sentBytes === undefined) return;
          progressReports += 1;
          sentBytes = progress.sentBytes;
        },
      },
    ),
  );
  const numbers = {
    uploadMs: round(ms),
    bytes: take.bytes,
    progressReports,
    sentBytes,
    attempts,
    hasText: typeof result.text === "string",
  };
  return verify(numbers, [
    [numbers.hasText, "the response holds no text"],
    [progressReports === 0 || sentBytes === take.bytes, "the progress did not reach the end"],
  ]);
}
