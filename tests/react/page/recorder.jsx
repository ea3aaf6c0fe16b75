// useRecorder

import { useEffect } from "react";
import { ThetaOneProvider, useRecorder } from "thetaone-web/react";
import { clientOf, equal, microphoneOf, mounted, ok, probed, reached, waitFor } from "./tools.jsx";

/** Brings a recorder into each state in which there is something to switch off. */
const INTO = {
  async opening(probe, microphone) {
    probe.current.start();
    await waitFor(() => microphone.asked === 1);
    await reached(probe, "opening");
  },
  async recording(probe, microphone) {
    microphone.answer();
    probe.current.start();
    await reached(probe, "recording");
  },
  async paused(probe, microphone) {
    await INTO.recording(probe, microphone);
    probe.current.pause();
    await reached(probe, "paused");
  },
  async preparing(probe, microphone) {
    await INTO.recording(probe, microphone);
    probe.current.stop();
    equal(microphone.isOn, true, "it records to the end");
  },
};

/** Resolves once every stream of the microphone, including later ones, is switched off. */
async function isOff(microphone) {
  microphone.answer();
  await waitFor(
    () => microphone.given === microphone.asked && !microphone.isOn,
    "the microphone is off",
  );
}

const inEach = (title, run) =>
  Object.fromEntries(
    Object.keys(INTO).map((state) => [
      title.replace("…", state),
      async () => {
        const microphone = microphoneOf({}, { isHeldUp: true });
        const probe = await probed(() => useRecorder(), clientOf());
        await INTO[state](probe, microphone);
        await run(probe, microphone);
        equal(microphone.asked, 1);
        return undefined;
      },
    ]),
  );

/** Creates a client that records nothing. `stop` is the method of its recorder. */
function silentClient(stop) {
  const recorder = {
    state: "recording",
    elapsedSeconds: 1,
    ended: new Promise(() => {}),
    stop() {
      recorder.ended = Promise.resolve({ reason: "stop" });
      return stop();
    },
    cancel: () => {
      recorder.state = "cancelled";
    },
  };
  return { recorder, record: async () => recorder };
}

export const recorder = {
  "a recording goes through its states to a take": async () => {
    const microphone = microphoneOf();
    const probe = await probed(() => useRecorder(), clientOf());
    const { start, stop } = probe.current;
    await start();
    await reached(probe, "recording");
    equal(microphone.isOn, true);
    const take = await stop();
    await reached(probe, "done");
    equal(probe.states, ["idle", "opening", "recording", "preparing", "done"]);
    ok(take.durationSeconds > 0.5 && probe.current.take === take, "the take is there");
    ok((await stop()) === take, "stop() gives it again");
    equal([probe.current.stopReason, probe.current.error], ["stop", undefined]);
    equal(
      [probe.current.start === start, probe.current.stop === stop],
      [true, true],
      "the functions stay the same",
    );
    equal([microphone.asked, microphone.isOn], [1, false]);
  },

  "a recording that ends by itself is prepared": async () => {
    microphoneOf();
    const probe = await probed(() => useRecorder({ maxSeconds: 0.1 }), clientOf());
    probe.current.start();
    await reached(probe, "done");
    equal(
      [probe.current.stopReason, probe.current.take.stopReason],
      ["max_seconds", "max_seconds"],
    );
  },

  "an unplugged microphone ends the recording, and keeps the take": async () => {
    const microphone = microphoneOf();
    const probe = await probed(() => useRecorder(), clientOf());
    await probe.current.start();
    await reached(probe, "recording");
    microphone.unplug();
    await reached(probe, "done");
    equal(probe.current.stopReason, "interrupted");
  },

  "a recording is paused and resumed": async () => {
    microphoneOf();
    const probe = await probed(() => useRecorder(), clientOf());
    probe.current.pause();
    probe.current.resume();
    equal(probe.current.state, "idle", "nothing to pause");
    await probe.current.start();
    await reached(probe, "recording");
    probe.current.pause();
    await reached(probe, "paused");
    probe.current.pause();
    probe.current.resume();
    await reached(probe, "recording");
    probe.current.pause();
    await reached(probe, "paused");
    ok(await probe.current.stop(), "a paused recording has a take");
  },

  "clicking twice opens one microphone and makes one take": async () => {
    const microphone = microphoneOf();
    const probe = await probed(() => useRecorder(), clientOf());
    await Promise.all([probe.current.start(), probe.current.start()]);
    await reached(probe, "recording");
    await probe.current.start();
    equal(microphone.asked, 1);
    const [first, second] = await Promise.all([
      probe.current.stop(),
      probe.current.stop(),
      probe.current.start(),
    ]);
    ok(first && first === second, "one take");
    equal([microphone.asked, microphone.isOn], [1, false]);
  },

  "a second recording follows a first, whose take goes": async () => {
    const microphone = microphoneOf();
    const probe = await probed(() => useRecorder(), clientOf());
    await probe.current.start();
    const first = await probe.current.stop();
    await reached(probe, "done");
    await probe.current.start();
    await reached(probe, "recording");
    equal(probe.current.take, undefined);
    const second = await probe.current.stop();
    ok(second && second !== first, "another take");
    await reached(probe, "done");
    probe.current.reset();
    await reached(probe, "idle");
    equal([probe.current.take, microphone.asked, microphone.isOn], [undefined, 2, false]);
  },

  ...inEach("unmounting while … switches the microphone off", async (probe, microphone) => {
    probe.unmount();
    await isOff(microphone);
  }),

  ...inEach("cancel while … switches the microphone off", async (probe, microphone) => {
    probe.current.cancel();
    await reached(probe, "idle");
    await isOff(microphone);
    equal([probe.current.state, probe.current.take], ["idle", undefined], "nothing comes later");
  }),

  ...inEach("reset while … switches the microphone off", async (probe, microphone) => {
    probe.current.reset();
    await reached(probe, "idle");
    await isOff(microphone);
    equal(probe.current.state, "idle", "nothing comes later");
  }),

  ...inEach("leaving the page while … switches the microphone off", async (probe, microphone) => {
    const { state } = probe.current;
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    await isOff(microphone);
    await reached(probe, state === "opening" ? "idle" : "done");
    if (["recording", "paused"].includes(state)) equal(probe.current.stopReason, "page_hide");
  }),

  ...inEach(
    "a client that is disposed of while … ends the recording with an error",
    async (probe, microphone) => {
      probe.client.dispose();
      await isOff(microphone);
      await waitFor(() => ["failed", "done"].includes(probe.current.state));
      if (probe.current.state === "failed") equal(probe.current.error.code, "ABORTED");
      else ok(probe.states.includes("preparing"), "a take that is being made still comes");
    },
  ),

  "a stop while the microphone is being opened gives it back": async () => {
    const microphone = microphoneOf({}, { isHeldUp: true });
    const probe = await probed(() => useRecorder(), clientOf());
    await INTO.opening(probe, microphone);
    equal(await probe.current.stop(), undefined);
    await reached(probe, "idle");
    await isOff(microphone);
  },

  "a recording that an effect starts opens one microphone in StrictMode": async () => {
    const microphone = microphoneOf();
    const client = clientOf();
    await client.ready();
    const probe = await probed(() => {
      const recorder = useRecorder();
      const { start } = recorder;
      useEffect(() => {
        void start();
      }, [start]);
      return recorder;
    }, client);
    await reached(probe, "recording");
    equal([microphone.asked, microphone.given], [1, 1]);
    probe.unmount();
    await isOff(microphone);
  },

  "what the microphone is refused for is the error": async () => {
    for (const refuse of ["denied", "not_found", "busy", "insecure_context", "unsupported"]) {
      const probe = await probed(() => useRecorder(), clientOf());
      const { fakeMicrophone } = await import("thetaone-web/testing");
      const microphone = fakeMicrophone({ refuse }).install();
      try {
        await probe.current.start();
        await reached(probe, "failed");
        const { error, take, stopReason } = probe.current;
        equal(
          [error.name, error.reason, take, stopReason],
          ["MicrophoneError", refuse, undefined, undefined],
        );
      } finally {
        microphone.uninstall();
      }
      probe.unmount();
    }
  },

  "after a refusal, the next click asks again": async () => {
    const { fakeMicrophone } = await import("thetaone-web/testing");
    const refusing = fakeMicrophone({ refuse: "denied" }).install();
    const probe = await probed(() => useRecorder(), clientOf());
    await probe.current.start();
    await reached(probe, "failed");
    refusing.uninstall();
    microphoneOf();
    await probe.current.start();
    await reached(probe, "recording");
    equal(probe.current.error, undefined);
  },

  "options that are wrong are an error, and open nothing": async () => {
    const microphone = microphoneOf();
    const throwing = {
      get onLevel() {
        throw new Error("mine");
      },
    };
    for (const options of [
      throwing,
      { maxSeconds: -1 },
      { onLevel: 5 },
      { onStop: "done" },
      { signal: {} },
      { unknown: 1 },
      "fast",
    ]) {
      const probe = await probed(() => useRecorder(options), clientOf());
      await probe.current.start();
      await reached(probe, "failed");
      equal(probe.current.error.code, "CONFIGURATION");
      probe.unmount();
    }
    equal(microphone.asked, 0);
  },

  "the caller's own signal gives up the question for the microphone": async () => {
    const microphone = microphoneOf({}, { isHeldUp: true });
    const controller = new AbortController();
    const probe = await probed(() => useRecorder({ signal: controller.signal }), clientOf());
    await INTO.opening(probe, microphone);
    controller.abort();
    await reached(probe, "failed");
    equal(probe.current.error.code, "ABORTED");
    await isOff(microphone);
    await probe.current.start();
    await reached(probe, "failed");
    equal(probe.current.error.code, "ABORTED", "it is aborted already");
    await isOff(microphone);
  },

  "a take that fails is tried again by stop()": async () => {
    let isBroken = true;
    const take = { durationSeconds: 1 };
    const error = new Error("not loaded");
    const client = silentClient(async () => {
      if (isBroken) throw error;
      return take;
    });
    const probe = await probed(() => useRecorder(), client);
    await probe.current.start();
    equal(await probe.current.stop(), undefined);
    await reached(probe, "failed");
    ok(probe.current.error === error && probe.current.stopReason === "stop", "the error is told");
    equal(client.recorder.state, "recording", "the sound is kept");
    isBroken = false;
    ok((await probe.current.stop()) === take, "the take");
    await reached(probe, "done");
  },

  "a take that failed is forgotten by reset(), by the next recording, and by unmounting":
    async () => {
      for (const end of ["reset", "start", "unmount"]) {
        const client = silentClient(() => Promise.reject(new Error("not loaded")));
        const probe = await probed(() => useRecorder(), client);
        await probe.current.start();
        await probe.current.stop();
        await reached(probe, "failed");
        if (end === "unmount") probe.unmount();
        else probe.current[end]();
        await waitFor(() => client.recorder.state === "cancelled", end);
      }
    },

  "two recorders of one client: the second is told that the microphone is busy, the first goes on":
    async () => {
      const microphone = microphoneOf();
      const client = clientOf();
      const [first, second] = [
        await probed(() => useRecorder(), client),
        await probed(() => useRecorder(), client),
      ];
      await first.current.start();
      await second.current.start();
      await reached(second, "failed");
      equal([second.current.error.reason, first.current.state], ["busy", "recording"]);
      second.unmount();
      ok(await first.current.stop(), "the take of the first");
      equal([microphone.asked, microphone.isOn], [1, false]);
    },

  "the latest onLevel is called, and onStop once": async () => {
    microphoneOf();
    const client = clientOf();
    const names = [];
    const stops = [];
    let recorder;
    const Component = ({ name }) => {
      recorder = useRecorder({
        onLevel: () => names.push(name),
        onStop: ({ reason }) => stops.push(reason),
      });
      return null;
    };
    const page = (name) => (
      <ThetaOneProvider client={client}>
        <Component name={name} />
      </ThetaOneProvider>
    );
    const { render } = mounted(page("first"));
    await waitFor(() => recorder);
    await recorder.start();
    await waitFor(() => names.includes("first"));
    render(page("second"));
    await waitFor(() => names.includes("second"));
    equal(names.lastIndexOf("first") < names.indexOf("second"), true);
    await recorder.stop();
    equal(stops, ["stop"]);
  },

  "after unmounting, start() and stop() do nothing": async () => {
    const microphone = microphoneOf();
    const probe = await probed(() => useRecorder(), clientOf());
    const { start, stop, cancel, pause, reset } = probe.current;
    probe.unmount();
    await waitFor(() => probe.container.childNodes.length === 0);
    await Promise.resolve();
    await start();
    equal(await stop(), undefined);
    cancel();
    pause();
    reset();
    equal(microphone.asked, 0);
  },

  "another client is used from the next recording on": async () => {
    const microphone = microphoneOf();
    const [one, other] = [clientOf(), clientOf()];
    let recorder;
    const Component = () => {
      recorder = useRecorder();
      return null;
    };
    const page = (client) => (
      <ThetaOneProvider client={client}>
        <Component />
      </ThetaOneProvider>
    );
    const { render } = mounted(page(one));
    await waitFor(() => recorder);
    await recorder.start();
    await waitFor(() => recorder.state === "recording");
    render(page(other));
    one.dispose();
    await waitFor(() => recorder.state === "failed");
    await recorder.start();
    await waitFor(() => recorder.state === "recording");
    equal([microphone.asked, microphone.isOn], [2, true]);
  },

  "outside of a provider, the page goes on and the console says what is missing": async () => {
    const microphone = microphoneOf();
    let recorder;
    const Component = () => {
      recorder = useRecorder();
      return "the page";
    };
    const { container } = mounted(<Component />);
    await waitFor(() => container.textContent === "the page");
    await recorder.start();
    await waitFor(() => recorder.state === "failed");
    equal(
      [recorder.error.code, microphone.asked, container.textContent],
      ["CONFIGURATION", 0, "the page"],
    );
    return ["<ThetaOneProvider client={theta}>"];
  },
};
