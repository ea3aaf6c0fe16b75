// Recording the samples as they are: no codec touches the speech, and the take is ready when the speaker stops.

import { withTimeout } from "../client/timeout.js";
import { PcmPipeline } from "../prepare/pcm-pipeline.js";
import { measureLevel } from "../wasm/core.js";

/** How long a context may take to start, in milliseconds. It does not start at all where nobody clicked yet. */
const STARTING_MS = 1_000;

/** An audio context whose worklet posts samples. */
export class WorkletCapture {
  #context;
  #source;
  #node;
  #pipeline;
  #silence;
  #level;
  /** All since it listened last: a page that was held up gets many at once, and the last one alone may be a pause. */
  #untaken = [];
  #blocks = 0;
  #isPaused = false;

  /** Gets ready; rejects where worklets are missing or forbidden, or the context does not start. */
  static async open(stream) {
    const context = new AudioContext();
    try {
      await withTimeout(STARTING_MS, context.resume()).catch(() => {});
      if (context.state !== "running") throw new Error("the audio context does not run");
      const { captureNode } = await import("./capture-worklet.js");
      return new WorkletCapture(stream, context, await captureNode(context));
    } catch (cause) {
      closeContext(context);
      throw cause;
    }
  }

  constructor(stream, context, node) {
    this.#context = context;
    this.#node = node;
    this.#source = context.createMediaStreamSource(stream);
    this.#silence = measureLevel(new Float32Array());
    this.#level = this.#silence;
    this.#pipeline = new PcmPipeline(context.sampleRate, false);
  }

  /** Starts. `stopped` is called when there is nothing more to come, `came` whenever something did. */
  start(stopped, _broken, came) {
    this.#node.port.onmessage = ({ data }) => {
      if (!data) return stopped();
      this.#onSamples(data);
      came();
    };
    this.#source.connect(this.#node);
    // It gives silence; unconnected, some browsers would not run it.
    this.#node.connect(this.#context.destination);
  }

  /** Holds; whether it does. */
  pause() {
    this.#setState("pause");
    const succeeds = !this.#isPaused;
    this.#isPaused = true;
    return succeeds;
  }

  /** Goes on; whether it does. */
  resume() {
    this.#setState("run");
    const succeeds = this.#isPaused;
    this.#isPaused = false;
    return succeeds;
  }

  /** Asks for the samples that were not posted yet. A context that does not run answers nothing. */
  stop() {
    this.#setState("stop");
    return this.#context.state === "running";
  }

  /**
   * Returns levels; see `MediaRecorderCapture`. A paused capture returns silence: a meter must not
   * stand still as if somebody spoke.
   */
  takeLevels() {
    return { level: this.#isPaused ? this.#silence : this.#level, blocks: this.#untaken.splice(0) };
  }

  /** In Hz. */
  get sampleRate() {
    return this.#context.sampleRate;
  }

  /** Whether no block came since this was asked last. */
  hasNoInput() {
    const hasInput = this.#blocks > 0;
    this.#blocks = 0;
    return !hasInput;
  }

  /** Gives the audio context back. */
  close() {
    const { port } = this.#node;
    port.onmessage = null;
    port.close();
    this.#source.disconnect();
    this.#node.disconnect();
    closeContext(this.#context);
  }

  /** Discards the recording. */
  discard() {
    this.#pipeline?.free();
    this.#pipeline = undefined;
  }

  /** The recording, which was prepared while it came; `undefined` where there is none. */
  async finish(format) {
    if (!this.#pipeline || this.#pipeline.isEmpty) return undefined;
    return this.#pipeline.finish(format);
  }

  #onSamples(samples) {
    this.#level = measureLevel(samples);
    this.#untaken.push(samples);
    this.#blocks += 1;
    this.#pipeline?.push(samples);
  }

  #setState(state) {
    this.#node.port.postMessage(state);
  }
}

/** Browsers grant only a few contexts. */
function closeContext(context) {
  if (context.state !== "closed") context.close().catch(() => {});
}
