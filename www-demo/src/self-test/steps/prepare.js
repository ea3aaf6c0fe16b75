// Preparation of a generated sound: conversion, trimming, MP3.

import { verify } from "../outcome.js";
import { stereoFloatWavOf, vowel, wavOf, withSilence } from "../signals.js";
import { round, timed } from "../time.js";

/** @import { Tools } from "../run.js" */

const RATE = 44_100;
const SPEECH_SECONDS = 2;
const SILENCE_SECONDS = 1;
/** The silence that trimming leaves on each side. */
const MARGIN_SECONDS = 0.15;

/**
 * Converts stereo at 44.1 kHz.
 * @param {Tools} tools
 */
export async function convert({ createClient }) {
  const file = stereoFloatWavOf(vowel(SPEECH_SECONDS, RATE), RATE);
  const { value: take, ms } = await timed(() => createClient().prepare(file));
  const numbers = {
    convertMs: round(ms),
    type: take.blob.type,
    sampleRate: take.sampleRate,
    channels: take.channels,
    seconds: round(take.durationSeconds, 3),
    bytes: take.bytes,
    speechSeconds: round(take.speechSeconds ?? 0, 2),
  };
  return verify(numbers, [
    [take.blob.type === "audio/wav", "the take is not WAV"],
    [take.sampleRate === 16_000 && take.channels === 1, "the take is not 16 kHz mono"],
    [isNear(take.durationSeconds, SPEECH_SECONDS, 0.002), "the length is wrong"],
    [numbers.speechSeconds > 1, "the speech was not detected"],
  ]);
}

/**
 * Trims the silence around a sound.
 * @param {Tools} tools
 */
export async function trim({ createClient }) {
  const samples = withSilence(vowel(SPEECH_SECONDS, RATE), SILENCE_SECONDS * RATE);
  const file = wavOf(samples, RATE);
  const { value: take, ms } = await timed(() =>
    createClient().prepare(file, { trimSilence: true }),
  );
  const numbers = {
    trimMs: round(ms),
    offsetSeconds: round(take.offsetSeconds, 2),
    seconds: round(take.durationSeconds, 2),
  };
  return verify(numbers, [
    [isNear(take.offsetSeconds, SILENCE_SECONDS - MARGIN_SECONDS, 0.1), "the start is wrong"],
    [
      isNear(take.durationSeconds, SPEECH_SECONDS + 2 * MARGIN_SECONDS, 0.2),
      "the trimmed length is wrong",
    ],
  ]);
}

/**
 * Encodes MP3.
 * @param {Tools} tools
 */
export async function encodeMp3({ createClient }) {
  const file = wavOf(vowel(SPEECH_SECONDS, RATE), RATE);
  const { value: take, ms } = await timed(() => createClient().prepare(file, { format: "mp3" }));
  const numbers = {
    encodeMs: round(ms),
    type: take.blob.type,
    seconds: round(take.durationSeconds, 3),
    bytes: take.bytes,
  };
  return verify(numbers, [
    [take.blob.type === "audio/mpeg", "the take is not MP3"],
    [isNear(take.durationSeconds, SPEECH_SECONDS, 0.15), "the length is wrong"],
  ]);
}

/**
 * @param {number} value
 * @param {number} expected
 * @param {number} tolerance
 */
const isNear = (value, expected, tolerance) => Math.abs(value - expected) <= tolerance;
