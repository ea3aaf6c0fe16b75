// Speech of flite as a file for Chromium's microphone.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VOICE = "slt";
const HEADER_BYTES = 44;
const BYTES_PER_SECOND = 32_000;
/** The page has opened its microphone by then, and has heard what silence is. */
const LEAD_SECONDS = 1.5;

const flite = (...args) => execFileSync("flite", ["-voice", VOICE, ...args], { encoding: "utf8" });

/** Speaks `text` into a WAV file, after a silence. Returns its path; `remove` deletes it. */
export function speechFile(text) {
  const folder = mkdtempSync(join(tmpdir(), "listening-"));
  const file = join(folder, "speech.wav");
  flite("-t", text, "-o", file);
  const spoken = readFileSync(file);
  const silence = Buffer.alloc(LEAD_SECONDS * BYTES_PER_SECOND);
  const bytes = Buffer.concat([
    spoken.subarray(0, HEADER_BYTES),
    silence,
    spoken.subarray(HEADER_BYTES),
  ]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(bytes.length - HEADER_BYTES, 40);
  writeFileSync(file, bytes);
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** When each word of `text` begins, in seconds, by flite's own times of its sounds. */
export function wordStarts(text) {
  let end = 0;
  const starts = [];
  for (const sound of flite("-t", text, "-psdur", "-o", "none").trim().split(/\s+/)) {
    const [name, seconds] = sound.split(":");
    if (name !== "pau") starts.push(end);
    end = Number(seconds);
  }
  const counts = text.split(" ").map((word) => {
    const sounds = flite("-t", word, "-ps", "-o", "none").trim().split(/\s+/);
    return sounds.filter((name) => name !== "pau").length;
  });
  return counts.map(
    (_, word) => starts[counts.slice(0, word).reduce((sum, count) => sum + count, 0)],
  );
}
