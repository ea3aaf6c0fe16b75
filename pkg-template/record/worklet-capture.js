// Recording the samples as they are: no codec touches the speech, and the take is ready when the speaker stops.

import { Work } from "../prepare/prepare-audio.js";
import { within } from "../client/timeout.js";

/** How long a context may take to start, in milliseconds. It does not start at all where nobody clicked yet. */
const STARTING_MS = 1_000;

/** An audio context whose worklet posts samples. */
export class Pcm {
  #core;
  #context;
  #source;
  #node;
  #work;
  #silence;
  #level;
  /** All since it listened last: a page that was held up gets many at once, and the last one alone may be a pause. */
  #unheard = [];
  #blocks = 0;
  #isPaused = false;

  /** Gets ready; rejects where worklets are missing or forbidden, or the context does not start. */
  static async open(core, stream) {
    const context = new AudioContext();
    try {
      await within(STARTING_MS, context.resume()).catch(() => {});
      if (context.state !== "running") throw new Error("the audio context does not run");
      const { captureNode } = await import("./capture-worklet.js");
      return new Pcm(core, stream, context, await captureNode(context));
    } catch (cause) {
      giveBack(context);
      throw cause;
    }
  }

  constructor(core, stream, context, node) {
    this.#core = core;
    this.#context = context;
    this.#node = node;
    this.#source = context.createMediaStreamSource(stream);
    this.#silence = core.level(new Float32Array());
    this.#level = this.#silence;
    this.#work = new Work(core, context.sampleRate, false);
  }

  /** Starts. `stopped` is called when there is nothing more to come, `came` whenever something did. */
  start(stopped, _broken, came) {
    this.#node.port.onmessage = ({ data }) => {
      if (!data) return stopped();
      this.#hear(data);
      came();
    };
    this.#source.connect(this.#node);
    // It gives silence; unconnected, some browsers would not run it.
    this.#node.connect(this.#context.destination);
  }

  /** Holds; whether it does. */
  pause() {
    this.#tell("pause");
    const does = !this.#isPaused;
    this.#isPaused = true;
    return does;
  }

  /** Goes on; whether it does. */
  resume() {
    this.#tell("run");
    const does = this.#isPaused;
    this.#isPaused = false;
    return does;
  }

  /** Asks for the samples that were not posted yet. A context that does not run answers nothing. */
  stop() {
    this.#tell("stop");
    return this.#context.state === "running";
  }

  /** Listens; see `Encoded`. Held, it hears silence: a meter must not stand still as if somebody spoke. */
  listen() {
    return { level: this.#isPaused ? this.#silence : this.#level, blocks: this.#unheard.splice(0) };
  }

  /** In Hz. */
  get sampleRate() {
    return this.#context.sampleRate;
  }

  /** Whether no block came since this was asked last. */
  isStarved() {
    const came = this.#blocks > 0;
    this.#blocks = 0;
    return !came;
  }

  /** Gives the audio context back. */
  close() {
    const { port } = this.#node;
    port.onmessage = null;
    port.close();
    this.#source.disconnect();
    this.#node.disconnect();
    giveBack(this.#context);
  }

  /** Forgets what was recorded. */
  forget() {
    this.#work?.free();
    this.#work = undefined;
  }

  /** The recording, which was prepared while it came; `undefined` where there is none. */
  async made(wanted) {
    if (!this.#work || this.#work.isEmpty) return undefined;
    return this.#work.finish(wanted.trim).file(wanted);
  }

  #hear(samples) {
    this.#level = this.#core.level(samples);
    this.#unheard.push(samples);
    this.#blocks += 1;
    this.#work?.feed(samples);
  }

  #tell(state) {
    this.#node.port.postMessage(state);
  }
}

/** Browsers grant only a few contexts. */
function giveBack(context) {
  if (context.state !== "closed") context.close().catch(() => {});
}
