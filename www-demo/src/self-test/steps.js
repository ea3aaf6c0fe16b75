// The table of steps, in their order.

import { loadWorklet, startContext } from "./steps/audio-context.js";
import { decodeSamples } from "./steps/decode.js";
import { checkEnvironment } from "./steps/environment.js";
import { loadCore } from "./steps/load.js";
import { openMicrophone } from "./steps/microphone.js";
import { resumeFromOutbox, storeInOutbox } from "./steps/outbox.js";
import { convert, encodeMp3, trim } from "./steps/prepare.js";
import { recordMicrophone, recordStream } from "./steps/record.js";
import { upload } from "./steps/upload.js";

/** @import { Tools } from "./run.js" */

/**
 * @typedef {object} Step
 * @property {string} id
 * @property {(tools: Tools) => Promise<object>} run returns the numbers of the step
 * @property {string[]} [needs] the steps that must have passed
 * @property {number} [limitMs] the time after which the step fails
 * @property {boolean} [isRepeatable] whether a failure is repeated once: a busy device loses sound
 * @property {boolean} [isAfterReload] whether the page is reloaded before the step
 */

/** The time that a person has to allow the microphone. */
const PERMISSION_LIMIT_MS = 60_000;

/** @type {Step[]} */
export const STEPS = [
  { id: "environment", run: checkEnvironment },
  { id: "audioContext", run: startContext },
  { id: "worklet", run: loadWorklet },
  { id: "microphone", run: openMicrophone, limitMs: PERMISSION_LIMIT_MS },
  { id: "load", run: loadCore },
  {
    id: "recordEncoded",
    run: (tools) => recordMicrophone(tools, "encoded"),
    needs: ["audioContext", "microphone", "load"],
    isRepeatable: true,
  },
  {
    id: "recordPcm",
    run: (tools) => recordMicrophone(tools, "pcm"),
    needs: ["audioContext", "worklet", "microphone", "load"],
    isRepeatable: true,
  },
  {
    id: "streamEncoded",
    run: (tools) => recordStream(tools, "encoded"),
    needs: ["audioContext", "load"],
    isRepeatable: true,
  },
  {
    id: "streamPcm",
    run: (tools) => recordStream(tools, "pcm"),
    needs: ["audioContext", "worklet", "load"],
    isRepeatable: true,
  },
  { id: "decode", run: decodeSamples, needs: ["load"] },
  { id: "convert", run: convert, needs: ["load"] },
  { id: "trim", run: trim, needs: ["load"] },
  { id: "mp3", run: encodeMp3, needs: ["load"] },
  { id: "upload", run: upload, needs: ["load"] },
  { id: "outboxStore", run: storeInOutbox, needs: ["load"] },
  { id: "outboxResume", run: resumeFromOutbox, needs: ["outboxStore"], isAfterReload: true },
];
