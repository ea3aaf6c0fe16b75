// Clients whose microphone does what a test says.

/** Returns a recorder like that of `record()`; `stop` resolves to what `taking` is. */
export function scriptedRecorder({ taking = () => new Promise(() => {}), levels } = {}) {
  let end;
  const recorder = {
    state: "recording",
    elapsedSeconds: 0,
    level: { rmsDbfs: -100, peakDbfs: -100, elapsedSeconds: 0 },
    isOn: true,
    ended: new Promise((resolve) => {
      end = (reason) => resolve({ reason });
    }),
    stop() {
      recorder.finish("stop");
      return taking();
    },
    cancel: () => recorder.finish("cancel"),
    /** Ends it, as the SDK does. */
    finish(reason) {
      recorder.isOn = false;
      if (recorder.state === "recording")
        recorder.state = reason === "cancel" ? "cancelled" : "stopped";
      end(reason);
    },
    /** Goes on to a time, at a level. */
    advance(elapsedSeconds, rmsDbfs = -20) {
      recorder.elapsedSeconds = elapsedSeconds;
      recorder.level = { rmsDbfs, peakDbfs: rmsDbfs + 6, elapsedSeconds };
      levels?.(recorder.level);
    },
  };
  return recorder;
}

/** Returns a client; `recorders` holds what it opened, and `options` what it was asked for. */
export function scriptedClient({ opening = async () => {}, taking } = {}) {
  const client = {
    recorders: [],
    options: [],
    signals: [],
    async record(options) {
      client.options.push(options);
      client.signals.push(options.signal);
      await opening();
      const recorder = scriptedRecorder({ taking, levels: options.onLevel });
      client.recorders.push(recorder);
      return recorder;
    },
  };
  return client;
}

export const never = () => new Promise(() => {});
