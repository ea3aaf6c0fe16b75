// The recorder: its state, and the take that it makes.

import { chainCallbacks, withHookOptions } from "./client-options.js";
import { useOwnStore } from "./external-store.js";
import { LEVEL, LevelStore } from "./level-store.js";
import { useThetaOne } from "./provider.js";
import { StateMachine } from "./state-machine.js";

/** @import { Level, Recorder, RecordOptions, Take, ThetaOne } from "../index.js" */
/** @import { UseRecorder } from "../react.js" */

/**
 * One recording. Remains after a take that failed, because its audio allows another `stop()`.
 * @typedef {object} Session
 * @property {AbortController} opening aborts `record()`
 * @property {Recorder} [recorder] the result of `record()`
 * @property {Promise<Take | undefined>} [taking] the take that is being prepared
 */

/**
 * @typedef {Pick<UseRecorder, "start" | "stop" | "cancel" | "pause" | "resume" | "reset"> &
 *   { [LEVEL]: LevelStore }} RecorderActions
 */

/** @extends {StateMachine<UseRecorder, RecorderActions, [ThetaOne, RecordOptions | undefined]>} */
class RecorderStore extends StateMachine {
  #level;
  /** @type {Session | undefined} */
  #session;

  constructor() {
    const level = new LevelStore();
    const actions = {
      start: () => this.#start(),
      stop: () => this.#stop(),
      cancel: () => this.#cancel(),
      pause: () => this.#hold("pause"),
      resume: () => this.#hold("resume"),
      reset: () => this.#reset(),
      [LEVEL]: level,
    };
    super(
      actions,
      () => this.#onPageHide(),
      () => this.#onUnmount(),
    );
    this.#level = level;
  }

  #onUnmount() {
    if (this.#isActive) this.#reset();
    // A take that failed still has its audio.
    else if (this.#session) this.#drop();
  }

  /**
   * Cancels the opening. The client itself ends a running recording, whose take is there if the
   * page comes back.
   */
  #onPageHide() {
    if (this.state === "opening") this.#cancel();
  }

  get #isActive() {
    return this.#session !== undefined && this.state !== "failed";
  }

  async #start() {
    if (this.#isActive || this.isUnmounted) return;
    this.#drop();
    /** @type {Session} */
    const session = { opening: new AbortController() };
    this.#session = session;
    this.enter("opening");
    let release;
    try {
      const [client, given] = this.latest;
      /** @param {Level} level */
      const onLevel = (level) => this.#level.push(level);
      const request = withHookOptions(given, session.opening, (copy) => ({
        onLevel: chainCallbacks(onLevel, copy?.onLevel, () => this.latest[1]?.onLevel),
      }));
      release = request.release;
      const recorder = await client.record(request.options);
      if (this.#session !== session) return void recorder.cancel();
      session.recorder = recorder;
      this.#level.attach(recorder);
      this.enter(recorder.state === "paused" ? "paused" : "recording");
      void recorder.ended.then(() => {
        if (this.#session === session) void this.#take(session, recorder);
      });
    } catch (error) {
      if (this.#session !== session) return;
      this.#session = undefined;
      this.enter("failed", { error });
    } finally {
      release?.();
    }
  }

  async #stop() {
    const session = this.#session;
    if (session?.recorder) return this.#take(session, session.recorder);
    this.#cancel();
    return this.getSnapshot().take;
  }

  /**
   * Resolves to the take, the same for all callers, or to `undefined` if there is none.
   * @param {Session} session
   * @param {Recorder} recorder
   */
  #take(session, recorder) {
    session.taking ??= this.#prepareTake(session, recorder);
    return session.taking;
  }

  /**
   * @param {Session} session
   * @param {Recorder} recorder
   */
  async #prepareTake(session, recorder) {
    const stopping = recorder.stop();
    this.#level.detach(recorder.elapsedSeconds);
    this.enter("preparing");
    const outcome = await stopping.then(
      (take) => ({ take, error: undefined }),
      (error) => ({ take: undefined, error }),
    );
    const { reason } = await recorder.ended;
    if (this.#session !== session) return undefined;
    const { take, error } = outcome;
    if (take) this.#session = undefined;
    session.taking = undefined;
    // A client that was disposed of cancels its recording.
    const stopReason = reason !== "cancel" && { stopReason: reason };
    if (take) this.enter("done", { take, ...stopReason });
    else this.enter("failed", { error, ...stopReason });
    return take;
  }

  /** @param {"pause" | "resume"} action */
  #hold(action) {
    const { recorder, taking } = this.#session ?? {};
    if (!recorder || taking) return;
    recorder[action]();
    const { state } = recorder;
    // If the recording has ended meanwhile, `recorder.ended` handles it.
    if (state !== this.state && (state === "recording" || state === "paused")) this.enter(state);
  }

  #cancel() {
    if (this.#isActive) this.#reset();
  }

  #reset() {
    this.#drop();
    if (this.state !== "idle") this.enter("idle");
  }

  /** Switches the microphone off and drops its recording. */
  #drop() {
    const session = this.#session;
    this.#session = undefined;
    session?.opening.abort();
    session?.recorder?.cancel();
    this.#level.detach();
  }
}

/** @type {typeof import("../react.js").useRecorder} */
export function useRecorder(options) {
  return useOwnStore(RecorderStore, [useThetaOne(), options]);
}
