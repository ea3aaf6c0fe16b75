// Recording the samples as they are. No codec touches the speech, and the take is ready when the
// recording ends.

import { withTimeout } from "../client/timeout.js";
import { captureNode, loadWorklet } from "./capture-worklet.js";
import { PcmSamples } from "./pcm-samples.js";

/** @import { Capture, CaptureHandlers, Core, OutputFormat } from "../internal.js" */

/** The time that a context has to start. Before the first click on the page, it does not start. */
const CONTEXT_START_MS = 1_000;

/**
 * Returns true in Firefox. Only errors of SpiderMonkey have a property `fileName`. Not imported: the
 * recorder's chunk and this one would share a third one.
 */
const isFirefox = () => "fileName" in new Error();

/**
 * An audio context whose worklet posts samples.
 * @implements {Capture}
 */
export class WorkletCapture {
  #context;
  #source;
  #node;
  #samples = new PcmSamples();
  #isPaused = false;

  /**
   * Opens a capture. Rejects if worklets are missing or forbidden, or the context does not start.
   * @param {MediaStream} stream
   */
  static async open(stream) {
    const context = new AudioContext();
    /** @type {WorkletCapture | undefined} */
    let capture;
    try {
      const loading = loadWorklet(context);
      // It may fail before it is waited for, and when the context does not start.
      loading.catch(() => {});
      const running = withTimeout(CONTEXT_START_MS, context.resume()).catch(() => {});
      // Firefox takes 10 ms to connect a source to a running context. Other browsers may buffer what
      // arrives before the context runs; all later samples would then be late by that time.
      const connectsAtOnce = isFirefox();
      const connect = async () => {
        await loading;
        return new WorkletCapture(stream, context, captureNode(context, !connectsAtOnce));
      };
      if (connectsAtOnce) capture = await connect();
      await running;
      if (context.state !== "running") throw new Error(context.state);
      return capture ?? (await connect());
    } catch (cause) {
      if (capture) capture.close();
      else closeContext(context);
      throw cause;
    }
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
    this.#source.connect(node);
    // The node outputs silence. Some browsers do not run a node that is not connected.
    node.connect(context.destination);
  }

  /** @param {CaptureHandlers} handlers */
  start({ onStarted, onInput, onStopped }) {
    this.#node.port.onmessage = ({ data }) => {
      if (!data) return onStopped();
      this.#samples.push(data);
      onStarted();
      onInput();
    };
  }

  /** True if nothing was recorded. */
  get isEmpty() {
    return this.#samples.isEmpty;
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

  /**
   * Requests the samples that were not posted yet. A context that does not run posts nothing. With
   * `tail`, waits for those that are on the way.
   * @param {boolean} [tail]
   */
  stop(tail) {
    this.#setState(tail && !this.#isPaused ? "finish" : "stop");
    return this.#context.state === "running";
  }

  /**
   * Prepares the samples so far, and the next ones while they arrive.
   * @param {Core} core
   */
  attach(core) {
    this.#samples.attach(core, this.#context.sampleRate);
  }

  /** Returns the samples since the last call; the latest are silent in a pause. */
  takeSamples() {
    return this.#samples.take(this.#isPaused);
  }

  /** The sample rate, in Hz. */
  get sampleRate() {
    return this.#context.sampleRate;
  }

  /**
   * Returns true if no block has arrived since the last call. Resumes a context that the system has
   * suspended: iOS interrupts the contexts of a page during a phone call.
   */
  hasNoInput() {
    if (this.#context.state !== "running") this.#context.resume().catch(() => {});
    return this.#samples.hasNoInput();
  }

  close() {
    const { port } = this.#node;
    port.onmessage = null;
    port.close();
    this.#source.disconnect();
    this.#node.disconnect();
    closeContext(this.#context);
  }

  discard() {
    this.#samples.discard();
  }

  /**
   * Resolves to the recording, which was prepared while it arrived.
   * @param {Core} core
   * @param {OutputFormat} format
   */
  async finish(core, format) {
    this.attach(core);
    return this.#samples.finish(format);
  }

  /** @param {"run" | "pause" | "finish" | "stop"} state */
  #setState(state) {
    this.#node.port.postMessage(state);
  }
}

/**
 * Closes a context, of which browsers grant only a few.
 * @param {AudioContext} context
 */
function closeContext(context) {
  if (context.state !== "closed") context.close().catch(() => {});
}
