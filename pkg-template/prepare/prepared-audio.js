// What can be sent, and what is known of it. A made audio has
//
// - `blob`, whose type says what it is, and `durationSeconds`;
// - `facts`: what a take of it says of itself;
// - `layout`: where the samples of a 16-bit WAV are, `{ sampleRate, channels, dataStart, dataBytes }`;
// - where it was listened to, `isCutShort(elapsedSeconds)`: whether a recording that ran for so long lost a part;
// - where that was asked for, `quality`: the core's handle of what was heard.
//
// An `ear` is the core's, and has heard all of it.

import { Failure } from "../result/failure.js";
import { Take } from "./take.js";
import { newBlob } from "./blobs.js";

/** A WAV that goes up as it is. */
export const madeAsItIs = (core, blob, ear, wav, how) =>
  made(core, newBlob([blob], "audio/wav"), ear, { channels: wav.channels }, wav, how);

/** The WAV of these 16-bit samples. */
export function madeAnew(core, ear, channels, samples, how) {
  const header = ear.header(channels);
  const layout = {
    sampleRate: ear.sampleRate,
    channels,
    dataStart: header.length,
    dataBytes: samples.size,
  };
  return made(core, newBlob([header, samples], "audio/wav"), ear, { channels }, layout, how);
}

/** A mono MP3 that was encoded here. */
export const madeMp3 = (core, blob, ear, how) =>
  made(core, blob, ear, { channels: 1 }, undefined, how);

/** An MP3 that goes up as it is; `ear` where it could be listened to. */
export function madeOfMp3(core, ear, { blob, problems, mayBeDecoded, ...upload }, how) {
  const result = made(core, blob, ear, { ...upload, offsetSeconds: 0 }, undefined, how);
  warn(result.facts, problems);
  return result;
}

/** Returns `made`, with a warning if the file has lost its end. */
export function warned(made, isTruncated) {
  if (isTruncated) warn(made.facts, ["truncated"]);
  return made;
}

/** What is known for certain goes over what was heard. */
function made(core, blob, ear, known, layout, { keepQuality }) {
  const facts = { ...ear?.facts(), ...known };
  const { durationSeconds } = facts;
  facts.estimatedCredits = core.credits(durationSeconds);
  const result = { blob, durationSeconds, facts, layout };
  if (ear) {
    const { heardSeconds } = ear;
    result.isCutShort = (elapsedSeconds) => core.isCutShort(heardSeconds, elapsedSeconds);
    if (keepQuality) result.quality = ear.quality();
  }
  return result;
}

/** The take of made audio; `recorded`, `{ stopReason, elapsedSeconds }`, is what the recorder knows of it. */
export function takeFrom({ blob, facts, isCutShort }, recorded) {
  if (!recorded) return new Take(blob, facts);
  const { stopReason, elapsedSeconds } = recorded;
  const told = { ...facts, stopReason };
  if (isCutShort?.(elapsedSeconds)) warn(told, ["truncated"]);
  return new Take(blob, told);
}

/** The take that was made of a take: what is known of the recording behind it stays known. */
export function takeAgain({ offsetSeconds, stopReason }, { blob, facts }) {
  const before = typeof offsetSeconds === "number" ? offsetSeconds : 0;
  const told = { ...facts, offsetSeconds: before + facts.offsetSeconds };
  if (stopReason !== undefined) told.stopReason = stopReason;
  return new Take(blob, told);
}

function warn(facts, more) {
  if (more.length > 0) facts.warnings = [...new Set([...(facts.warnings ?? []), ...more])];
}

/** Nothing was said. */
export const silent = () =>
  new Failure("InvalidAudioError", "silent", "no speech was found in the audio");
