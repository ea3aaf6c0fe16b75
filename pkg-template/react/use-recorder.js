// The microphone and what comes of it.

import { both, joined } from "./client-options.js";
import { LEVEL, LevelStore } from "./level-store.js";
import { useThetaOne } from "./provider.js";
import { Store, useStore } from "./external-store.js";

class RecorderStore extends Store {
  #level = new LevelStore();
  /**
   * One recording: `opening`, the `AbortController` of `record()`; `recorder`, its result; `taking`, the promise of the
   * take. Stays after a take that failed, because the sound is still there for another `stop()`.
   */
  #session;
  #isClosed = false;
  #actions = {
    start: () => this.#start(),
    stop: () => this.#stop(),
    cancel: () => this.#cancel(),
    pause: () => this.#hold("pause"),
    resume: () => this.#hold("resume"),
    reset: () => this.#reset(),
    [LEVEL]: this.#level,
  };

  constructor() {
    super();
    this.begin(this.#view("idle"));
  }

  open() {
    this.#isClosed = false;
    globalThis.addEventListener("pagehide", this.#leave);
  }

  close() {
    this.#isClosed = true;
    globalThis.removeEventListener("pagehide", this.#leave);
    if (this.#isActive) this.#reset();
    // A take that failed still has its sound.
    else if (this.#session) this.#drop();
  }

  /** Gives up opening. The client itself ends a recording that runs, and its take is there if the page comes back. */
  #leave = () => {
    if (this.read().state === "opening") this.#cancel();
  };

  get #isActive() {
    return this.#session !== undefined && this.read().state !== "failed";
  }

  async #start() {
    if (this.#isActive || this.#isClosed) return;
    this.#drop();
    const session = { opening: new AbortController() };
    this.#session = session;
    this.#enter("opening");
    let release;
    try {
      const [client, given] = this.latest;
      const hear = (level) => this.#level.hear(level);
      const wishes = joined(given, session.opening, (copy) => ({
        onLevel: both(hear, copy?.onLevel, () => this.latest[1]?.onLevel),
      }));
      release = wishes.release;
      const recorder = await client.record(wishes.options);
      if (this.#session !== session) return void recorder.cancel();
      session.recorder = recorder;
      this.#level.follow(recorder);
      this.#enter(recorder.state === "paused" ? "paused" : "recording");
      recorder.ended.then(() => this.#session === session && this.#taken(session));
    } catch (error) {
      if (this.#session !== session) return;
      this.#session = undefined;
      this.#enter("failed", { error });
    } finally {
      release?.();
    }
  }

  async #stop() {
    const session = this.#session;
    if (session?.recorder) return this.#taken(session);
    this.#cancel();
    return this.read().take;
  }

  /** Resolves to the take, the same for all callers, or to `undefined` where there is none. */
  #taken(session) {
    session.taking ??= this.#prepared(session);
    return session.taking;
  }

  async #prepared(session) {
    const { recorder } = session;
    const taking = recorder.stop();
    this.#level.end(recorder.elapsedSeconds);
    this.#enter("preparing");
    const settled = await taking.then(
      (take) => ({ take }),
      (error) => ({ error }),
    );
    const { reason } = await recorder.ended;
    if (this.#session !== session) return undefined;
    if (settled.take) this.#session = undefined;
    session.taking = undefined;
    // A client that was disposed of cancels its recording.
    const why = reason !== "cancel" && { stopReason: reason };
    this.#enter(settled.take ? "done" : "failed", { ...settled, ...why });
    return settled.take;
  }

  #hold(action) {
    const { recorder, taking } = this.#session ?? {};
    if (!recorder || taking) return;
    recorder[action]();
    const { state } = recorder;
    // It may have ended by now, which `ended` tells.
    if (["recording", "paused"].includes(state) && state !== this.read().state) this.#enter(state);
  }

  #cancel() {
    if (this.#isActive) this.#reset();
  }

  #reset() {
    this.#drop();
    if (this.read().state !== "idle") this.#enter("idle");
  }

  /** Switches the microphone off and forgets what it recorded. */
  #drop() {
    const session = this.#session;
    this.#session = undefined;
    session?.opening.abort();
    session?.recorder?.cancel();
    this.#level.end();
  }

  #enter(state, outcome) {
    this.show(this.#view(state, outcome));
  }

  #view(state, outcome) {
    return { state, ...outcome, ...this.#actions };
  }
}

export function useRecorder(options) {
  const [, recorder] = useStore(RecorderStore, [useThetaOne(), options]);
  return recorder;
}
