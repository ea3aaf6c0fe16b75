// The `Recorder` that `record()` resolves to.

/** @import { Recorder as PublicRecorder } from "../index.js" */
/** @import { Recording } from "./recording.js" */

/** @implements {PublicRecorder} */
export class Recorder {
  #recording;

  /** @param {Recording} recording */
  constructor(recording) {
    this.#recording = recording;
  }

  get state() {
    return this.#recording.state;
  }

  get elapsedSeconds() {
    return this.#recording.elapsedSeconds;
  }

  get level() {
    return this.#recording.level;
  }

  get ended() {
    return this.#recording.ended;
  }

  stop() {
    return this.#recording.stop();
  }

  cancel() {
    this.#recording.cancel();
  }

  pause() {
    this.#recording.pause();
  }

  resume() {
    this.#recording.resume();
  }
}
