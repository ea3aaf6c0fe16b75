// The audio context of the page, which the click has created, and its worklets.

import { NotAvailable } from "../outcome.js";
import { round, timed, withLimit } from "../time.js";

/** @import { Tools } from "../run.js" */

const START_LIMIT_MS = 5_000;
const EMPTY_WORKLET = 'registerProcessor("empty", class extends AudioWorkletProcessor {});';

/**
 * Waits until the context runs.
 * @param {Tools} tools
 */
export async function startContext({ context }) {
  if (!context) throw new Error("there is no AudioContext");
  const { ms } = await timed(() => withLimit(context.resume(), START_LIMIT_MS));
  return {
    state: context.state,
    startMs: round(ms),
    sampleRate: context.sampleRate,
    baseLatencyMs: round(1000 * (context.baseLatency ?? 0), 1),
    outputLatencyMs: round(1000 * (context.outputLatency ?? 0), 1),
  };
}

/**
 * Loads a worklet from a blob, as `capture: "pcm"` does.
 * @param {Tools} tools
 */
export async function loadWorklet({ context, onEnd }) {
  if (!context?.audioWorklet) throw new NotAvailable("there is no AudioWorklet");
  const url = URL.createObjectURL(new Blob([EMPTY_WORKLET], { type: "text/javascript" }));
  onEnd(() => URL.revokeObjectURL(url));
  const { ms } = await timed(() => context.audioWorklet.addModule(url));
  return { loadMs: round(ms) };
}
