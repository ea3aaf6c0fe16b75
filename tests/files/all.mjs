// Awkward files, made by property. Each is `{ name, bytes, expect }`. What is expected of it is
//
// - `{ same: true }`: it goes up byte for byte,
// - `{ bytes, warnings }`: these bytes go up,
// - `{ samples, rate, channels, most, warnings }`: a WAV of these samples goes up, none of which is off by more than `most`,
// - `{ about }`: a WAV of so many seconds, or of "anything", goes up,
// - `{ refused }`: nothing goes up, for this reason or one of these,
//
// or, where that differs, one of them for each of `window`, `worker` and `node`. Where `about` and `refused` both stand,
// either will do: browsers differ in what they decode.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mp3Files } from "./mp3s.mjs";
import { strangers } from "./strangers.mjs";
import { strictMp3, strictWav, strictly } from "./strict.js";
import { wavFiles } from "./wavs.mjs";

const SPEECH = new URL("../fixtures/speech.wav", import.meta.url);

/** A second of speech, and one of it by the package's encoder: `folder` is where the package is installed. */
async function material(folder) {
  const { samples } = strictWav(readFileSync(SPEECH));
  // From 48 kHz to 8 and 16, by averaging; what is folded back does no harm here.
  const decimated = (by) =>
    Int16Array.from(
      { length: Math.floor(samples.length / by) },
      (_, n) => samples.subarray(n * by, (n + 1) * by).reduce((sum, s) => sum + s, 0) / by,
    );
  const { mp3Encoder } = await import(pathToFileURL(join(folder, "loading/mp3-encoder.js")));
  const encoder = await mp3Encoder(16_000, 32);
  const frames = [encoder.push(decimated(3).subarray(8_000, 24_000)), encoder.finish()];
  const mp3 = Uint8Array.from(Buffer.concat([encoder.head(), ...frames]));
  encoder.free();
  // An odd number of samples, so that 8 bits of them need their padding.
  return { speech: decimated(6).slice(4_000, 11_999), mp3 };
}

/** All of them. Generators of other containers belong into this list. */
export async function allFiles(folder) {
  const { speech, mp3 } = await material(folder);
  return [...wavFiles(speech), ...mp3Files(mp3), ...strangers(speech)];
}

/**
 * Holds what became of a file against what was expected; gives what is wrong, or nothing. `outcome` is
 * `{ sent, take, reason }`: the bytes that went up; of the take whether it `isSent` as it is, `durationSeconds` and
 * `warnings`; and why there was none.
 */
export function wrongWith({ bytes, expect }, where, outcome) {
  try {
    judge(bytes, expect[where] ?? expect, outcome);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

function judge(bytes, expect, { sent, take, reason }) {
  const ensure = (holds, problem) => {
    if (!holds) throw new Error(problem);
  };
  const got = reason ?? `${sent.length} bytes`;
  if (
    reason !== undefined ||
    !("same" in expect || "bytes" in expect || "samples" in expect || "about" in expect)
  ) {
    ensure(
      [expect.refused].flat().includes(reason),
      `${got} instead of ${expect.refused ?? "a file"}`,
    );
    return;
  }
  strictly(sent);
  ensure(take.isSent, "the take is not what goes up");
  const isMp3 = sent[0] === 0xff;
  const seconds = isMp3 ? undefined : durationOf(strictWav(sent));
  if (isMp3) strictMp3(sent);
  else
    ensure(
      Math.abs(take.durationSeconds - seconds) < 0.001,
      `the take claims ${take.durationSeconds} s of ${seconds}`,
    );
  for (const name of ["truncated", "junk"]) {
    // WebDriver turns what is undefined into null.
    const [is, due] = [take.warnings, expect.warnings].map((warnings) =>
      (warnings ?? []).includes(name),
    );
    ensure(is === due, `the warning ${name} is ${is ? "there" : "missing"}`);
  }
  if (expect.same) ensure(Buffer.from(sent).equals(bytes), "it does not go up as it is");
  if (expect.bytes)
    ensure(
      Buffer.from(sent).equals(expect.bytes),
      `${sent.length} bytes go up, not the ${expect.bytes.length} expected`,
    );
  if (expect.about && expect.about !== "anything")
    ensure(Math.abs(seconds - expect.about) < 0.01, `${seconds} s instead of ${expect.about}`);
  if (expect.samples) same(strictWav(sent), expect, ensure);
}

const durationOf = ({ rate, channels, samples }) => samples.length / channels / rate;

function same(wav, { samples, rate, channels, most }, ensure) {
  ensure(
    wav.rate === rate && wav.channels === channels,
    `${wav.rate} Hz, ${wav.channels} channels`,
  );
  ensure(
    wav.samples.length === samples.length,
    `${wav.samples.length} samples instead of ${samples.length}`,
  );
  const off = samples.findIndex((sample, n) => Math.abs(sample - wav.samples[n]) > most);
  ensure(off < 0, `sample ${off} is ${wav.samples[off]} instead of ${samples[off]}`);
}
