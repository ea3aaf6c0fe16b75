// Recording the samples as they are. No codec touches the speech, and the take is ready when the
// recording ends.

import { captureNode } from "./capture-worklet.js";

/** @import { Capture, CaptureHandlers, Core, OutputFormat } from "../internal.js" */

const NO_SAMPLES = new Float32Array();

/**
 * An audio context whose worklet posts samples.
 * @implements {Capture}
 */
export class WorkletCapture {
  #context;
  #source;
  #node;
  /** @type {InstanceType<Core["PcmPipeline"]> | undefined} */
  #pipeline;
  /**
   * The samples that wait for the core.
   * @type {Float32Array[]}
   */
  #pending = [];
  /** @type {Float32Array} */
  #latest = NO_SAMPLES;
  /**
   * All samples since the last look: a page that was busy gets many blocks at once, and the last
   * one alone may be a pause.
   * @type {Float32Array[]}
   */
  #untaken = [];
  #newBlocks = 0;
  #isPaused = false;
  #isEmpty = true;

  /**
   * Opens a capture. Rejects if worklets are missing or forbidden.
   * @param {MediaStream} stream
   * @param {AudioContext} context
   */
  static async open(stream, context) {
    return new WorkletCapture(stream, context, await captureNode(context));
  }

  /**
   * @param {MediaStream} stream
   * @param {AudioContext} context
   * @param {AudioWorkletNode} node
   */
  constructor(stream, context, node) {
    this.#context = context;
    this.#node = node;
    this.#source = context.createMediaStreamSource(stream);
  }

  /** @param {CaptureHandlers} handlers */
  start({ onStarted, onInput, onStopped }) {
    this.#node.port.onmessage = ({ data }) => {
      if (!data) return onStopped();
      this.#onSamples(data);
      onStarted();
      onInput();
    };
    this.#source.connect(this.#node);
    // The node outputs silence. Some browsers do not run a node that is not connected.
    this.#node.connect(this.#context.destination);
  }

  /** True if nothing was recorded. */
  get isEmpty() {
    return this.#isEmpty;
  }

  pause() {
    this.#setState("pause");
    const succeeds = !this.#isPaused;
    this.#isPaused = true;
    return succeeds;
  }

  resume() {
    this.#setState("run");
    const succeeds = this.#isPaused;
    this.#isPaused = false;
    return succeeds;
  }

  /** Requests the samples that were not posted yet. A context that does not run posts nothing. */
  stop() {
    this.#setState("stop");
    return this.#context.state === "running";
  }

  /**
   * Prepares the samples so far, and the next ones while they arrive.
   * @param {Core} core
   */
  attach(core) {
    if (this.#pipeline || this.#isEmpty) return;
    this.#pipeline = new core.PcmPipeline(this.#context.sampleRate, false);
    for (const samples of this.#pending.splice(0)) this.#pipeline.push(samples);
  }

  /** Returns the samples since the last call; the latest are silent in a pause. */
  takeSamples() {
    const latest = this.#isPaused ? NO_SAMPLES : this.#latest;
    return { latest, blocks: this.#untaken.splice(0) };
  }

  /** The sample rate, in Hz. */
  get sampleRate() {
    return this.#context.sampleRate;
  }

  /** Returns true if no block has arrived since the last call. */
  hasNoInput() {
    const hasInput = this.#newBlocks > 0;
    this.#newBlocks = 0;
    return !hasInput;
  }

  close() {
    const { port } = this.#node;
    port.onmessage = null;
    port.close();
    this.#source.disconnect();
    this.#node.disconnect();
    this.#context.close().catch(() => {});
  }

  discard() {
    this.#pipeline?.free();
    this.#pipeline = undefined;
    this.#pending = [];
    this.#isEmpty = true;
  }

  /**
   * Resolves to the recording, which was prepared while it arrived.
   * @param {Core} core
   * @param {OutputFormat} format
   */
  async finish(core, format) {
    this.attach(core);
    return this.#pipeline?.finish(format);
  }

  /** @param {Float32Array} samples */
  #onSamples(samples) {
    this.#latest = samples;
    this.#isEmpty = false;
    this.#untaken.push(samples);
    this.#newBlocks += 1;
    if (this.#pipeline) this.#pipeline.push(samples);
    else this.#pending.push(samples);
  }

  /** @param {"run" | "pause" | "stop"} state */
  #setState(state) {
    this.#node.port.postMessage(state);
  }
}
