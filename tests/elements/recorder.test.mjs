// `<theta-recorder>`: the microphone is on only while it should be, and people know what to do.

import { strict as assert } from "node:assert";
import { after } from "node:test";

import { onPage, openSite, test, unlock } from "./site.mjs";

const site = await openSite();
after(site.close);

const COMPLAINTS = /^thetaone-web\/elements: /;

/** Runs in the page: returns a recorder in it, whose events are listed. */
function createRecorder() {
  globalThis.create = (properties, options) => {
    const client = page.scriptedClient(options);
    const element = Object.assign(document.createElement("theta-recorder"), {
      client,
      ...properties,
    });
    element.events = [];
    for (const type of ["take", "error", "state-change"]) {
      element.addEventListener(type, ({ detail }) => element.events.push(detail.state ?? type));
    }
    document.querySelector("main").append(element);
    return element;
  };
}

const inPage = (title, work, check, options) =>
  test(title, async () => {
    await onPage(
      site,
      async (page) => {
        await page.evaluate(createRecorder);
        await check(await page.evaluate(work));
      },
      options,
    );
  });

inPage(
  "two clicks in a row record once, a later one makes the take, and both are told in order",
  async () => {
    const { waitFor } = page;
    const element = create(
      {
        goldText: "Hello",
        maxSeconds: 30,
        stopOnSilenceSeconds: 1.5,
        recordOptions: { deviceId: "usb", capture: "pcm" },
      },
      { taking: async () => ({ durationSeconds: 2 }) },
    );
    const takes = [];
    document.addEventListener("take", ({ detail, target }) =>
      takes.push([detail.take.durationSeconds, detail.goldText, target === element]),
    );
    const button = () => element.shadowRoot.getElementById("record");
    await waitFor(button);
    button().click();
    button().click();
    await waitFor(() => element.state === "recording" && button().textContent === "Stop");
    // Frameworks may set a property to the value that it has.
    element.client = Object(element.client);
    button().click();
    await waitFor(() => element.state === "done" && button().textContent === "Record again");
    const { signal, onLevel, ...options } = element.client.options.at(-1);
    return {
      events: element.events,
      takes,
      options,
      more: [signal instanceof AbortSignal, typeof onLevel],
      isOn: element.client.recorders.map(({ isOn }) => isOn),
      take: element.take.durationSeconds,
    };
  },
  (outcome) => {
    assert.deepEqual(outcome.events, ["opening", "recording", "preparing", "done", "take"]);
    assert.deepEqual(outcome.takes, [[2, "Hello", true]]);
    assert.deepEqual(outcome.options, {
      maxSeconds: 30,
      stopOnSilenceSeconds: 1.5,
      deviceId: "usb",
      capture: "pcm",
    });
    assert.deepEqual(outcome.more, [true, "function"]);
    assert.deepEqual(outcome.isOn, [false], "two clicks open one microphone, which is off");
    assert.equal(outcome.take, 2);
  },
);

inPage(
  "level, time and countdown follow the recording",
  async () => {
    const { waitFor } = page;
    const levels = [];
    const element = create({
      maxSeconds: 75,
      recordOptions: { onLevel: (level) => levels.push(level) },
    });
    await element.start();
    const read = (id) => element.shadowRoot.getElementById(id);
    element.client.recorders[0].advance(63.2, -15);
    await waitFor(() => read("elapsed")?.textContent === "1:03");
    const first = [
      read("left").textContent,
      read("meter").getAttribute("aria-valuenow"),
      levels.length,
    ];
    element.client.recorders[0].advance(76, -300);
    await waitFor(() => read("elapsed").textContent === "1:16");
    return [first, [read("left").textContent, read("meter").getAttribute("aria-valuenow")]];
  },
  (outcome) => {
    assert.deepEqual(outcome, [
      ["12 seconds left", "-15", 1],
      ["0 seconds left", "-60"],
    ]);
  },
);

inPage(
  "a recording that ends by itself becomes a take",
  async () => {
    const { waitFor } = page;
    const element = create({}, { taking: async () => ({ durationSeconds: 1 }) });
    await element.start();
    element.client.recorders[0].finish("silence");
    await waitFor(() => element.state === "done");
    return element.events;
  },
  (events) => assert.deepEqual(events, ["opening", "recording", "preparing", "done", "take"]),
);

for (const state of ["opening", "recording", "preparing"]) {
  test(`an element that is removed while it is ${state} leaves no microphone on`, async () => {
    await onPage(site, async (page) => {
      await page.evaluate(createRecorder);
      const outcome = await page.evaluate(async (state) => {
        const { never, waitFor } = globalThis.page;
        let allow;
        const opening =
          state === "opening"
            ? () =>
                new Promise((resolve) => {
                  allow = resolve;
                })
            : async () => {};
        const element = create({}, { opening, taking: never });
        element.start();
        await waitFor(() => element.state === (state === "opening" ? "opening" : "recording"));
        if (state === "preparing") element.stop();
        element.remove();
        await waitFor(() => element.state === "idle");
        // The browser is asked no more, and where it has granted it already, it is switched off.
        allow?.();
        await waitFor(() => element.client.recorders.length === 1);
        await waitFor(() => !element.client.recorders[0].isOn);
        return [element.client.signals[0].aborted, element.events.at(-1)];
      }, state);
      assert.deepEqual(outcome, [true, "idle"]);
    });
  });
}

inPage(
  "an element that is moved goes on recording",
  async () => {
    const element = create();
    await element.start();
    const box = document.createElement("div");
    document.querySelector("main").append(box);
    box.append(element);
    await new Promise((resolve) => setTimeout(resolve));
    return [element.state, element.client.recorders[0].isOn];
  },
  (outcome) => assert.deepEqual(outcome, ["recording", true]),
);

inPage(
  "leaving or hiding the page ends the recording, which becomes a take",
  async () => {
    const { waitFor } = page;
    const outcome = [];
    const leave = () => dispatchEvent(new PageTransitionEvent("pagehide"));
    const hide = () => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    };
    for (const go of [leave, hide]) {
      const element = create({}, { taking: async () => ({ durationSeconds: 1 }) });
      await element.start();
      go();
      await waitFor(() => element.state === "done");
      delete document.hidden;
      outcome.push(element.client.recorders[0].isOn);
    }
    const opening = create({}, { opening: page.never });
    opening.start();
    leave();
    outcome.push(opening.state, opening.client.signals[0].aborted);
    let allow;
    const late = create(
      {},
      {
        opening: () =>
          new Promise((resolve) => {
            allow = resolve;
          }),
      },
    );
    late.start();
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    allow();
    await waitFor(() => late.state === "idle");
    delete document.hidden;
    outcome.push(late.client.recorders[0].isOn);
    return outcome;
  },
  (outcome) => assert.deepEqual(outcome, [false, false, "idle", true, false]),
);

inPage(
  "another client ends the recording of the one before",
  async () => {
    const { waitFor } = page;
    const element = create();
    const { client } = element;
    await element.start();
    element.client = page.scriptedClient();
    await waitFor(() => element.state === "idle");
    return client.recorders[0].isOn;
  },
  (isOn) => assert.equal(isOn, false),
);

inPage(
  "a client that is disposed of ends it without a take",
  async () => {
    const { waitFor } = page;
    const element = create();
    await element.start();
    element.client.recorders[0].finish("cancel");
    await waitFor(() => element.state === "idle");
    return element.events;
  },
  (events) => assert.deepEqual(events, ["opening", "recording", "idle"]),
);

inPage(
  "errors are shown in the element's language, told, and do not reach the window",
  async () => {
    const { microphoneError, waitFor } = page;
    let reached = 0;
    addEventListener("error", () => {
      reached += 1;
    });
    const element = create({}, { opening: () => Promise.reject(microphoneError("not_found")) });
    const reasons = [];
    element.addEventListener("error", ({ detail }) => reasons.push(detail.error.reason));
    await element.start();
    const alert = () => element.shadowRoot.querySelector("[role=alert]");
    await waitFor(alert);
    const english = alert().textContent;
    element.locale = "ko";
    await waitFor(() => alert().textContent !== english);
    const outcome = [english, alert().textContent, reasons, reached, element.error.reason];
    element.client = page.scriptedClient();
    await element.start();
    await waitFor(() => !alert());
    return [...outcome, element.error === undefined];
  },
  (outcome) => {
    assert.deepEqual(outcome, [
      "We found no microphone. Please connect one and try again.",
      "마이크를 찾을 수 없어요. 마이크를 연결하고 다시 시도해 주세요.",
      ["not_found"],
      0,
      "not_found",
      true,
    ]);
  },
);

inPage(
  "errors of any kind are shown",
  async () => {
    const { waitFor } = page;
    const throwing = {
      get userMessage() {
        throw new Error("no");
      },
      get code() {
        throw new Error("no");
      },
    };
    const texts = [];
    for (const error of [
      new Error("x"),
      "text",
      undefined,
      null,
      0,
      throwing,
      { userMessage: () => 7 },
      { userMessage: () => "\u202E<b>bold</b>" },
    ]) {
      const element = create({}, { opening: () => Promise.reject(error) });
      await element.start();
      await waitFor(() => element.shadowRoot.querySelector("[role=alert]"));
      texts.push(element.shadowRoot.querySelector("[role=alert]").textContent);
      element.remove();
    }
    return texts;
  },
  (texts) => {
    const general = "Please try again.";
    assert.deepEqual(texts, [...Array.from({ length: 7 }, () => general), "<b>bold</b>"]);
  },
);

inPage(
  "without a client, the page says so, and goes on",
  async () => {
    const { waitFor } = page;
    const element = create({ client: undefined });
    await element.start();
    await waitFor(() => element.shadowRoot.querySelector("[role=alert]"));
    const text = element.shadowRoot.querySelector("[role=alert]").textContent;
    element.client = page.scriptedClient();
    await element.start();
    return [text, element.events, element.state];
  },
  ([text, events, state]) => {
    assert.equal(text, "Recording is not available on this page.");
    assert.deepEqual(events, ["failed", "error", "opening", "recording"]);
    assert.equal(state, "recording");
  },
  { expected: COMPLAINTS },
);

inPage(
  "recordOptions of a class are read, and those that throw are a typed error",
  async () => {
    class Options {
      get deviceId() {
        return "usb";
      }
    }
    const element = create({ recordOptions: new Options() });
    await element.start();
    const { deviceId } = element.client.options.at(-1);
    element.cancel();
    element.recordOptions = {
      get maxSeconds() {
        throw new Error("no");
      },
    };
    await element.start();
    return [deviceId, element.events, element.state, element.error.code];
  },
  (outcome) =>
    assert.deepEqual(outcome, [
      "usb",
      ["opening", "recording", "idle", "failed", "error"],
      "failed",
      "CONFIGURATION",
    ]),
);

inPage(
  "a take that failed for want of the core can be made again",
  async () => {
    const { sdk, waitFor } = page;
    let calls = 0;
    const error = sdk.ThetaOneError.from({
      name: "WasmLoadError",
      code: "WASM_LOAD_FAILED",
      message: "gone",
    });
    const taking = () =>
      calls++ === 0 ? Promise.reject(error) : Promise.resolve({ durationSeconds: 3 });
    const element = create({}, { taking });
    await element.start();
    await element.stop();
    await waitFor(() => element.shadowRoot.getElementById("retry"));
    element.shadowRoot.getElementById("retry").click();
    await waitFor(() => element.state === "done");
    return [element.take.durationSeconds, element.events];
  },
  ([seconds, events]) => {
    assert.equal(seconds, 3);
    assert.deepEqual(events, [
      "opening",
      "recording",
      "preparing",
      "failed",
      "error",
      "preparing",
      "done",
      "take",
    ]);
  },
);

inPage(
  "where the microphone is refused, the element says what to do in this very browser",
  async () => {
    const { microphoneError, microphoneHelp, waitFor } = page;
    const agents = {
      chromium:
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
      firefox: "Mozilla/5.0 (Windows NT 10.0; rv:153.0) Gecko/20100101 Firefox/153.0",
      safari:
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
      ios: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      android:
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
      kakao:
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36 KAKAOTALK 2410",
    };
    const texts = {};
    for (const [name, userAgent] of Object.entries(agents)) {
      Object.defineProperty(navigator, "userAgent", { value: userAgent, configurable: true });
      const element = create({}, { opening: () => Promise.reject(microphoneError("denied")) });
      await element.start();
      await waitFor(() => element.shadowRoot.querySelectorAll(".help").length === 2);
      texts[name] = element.shadowRoot.querySelector(".help").textContent;
      const [sentence] = await microphoneHelp("en");
      if (sentence !== texts[name]) throw new Error(`microphoneHelp() says: ${sentence}`);
      element.remove();
    }
    delete navigator.userAgent;
    return texts;
  },
  (texts) => {
    assert.equal(new Set(Object.values(texts)).size, 6);
    assert.match(texts.firefox, /crossed-out microphone/);
    assert.match(texts.safari, /menu bar/);
    assert.match(texts.ios, /Website Settings/);
    assert.match(texts.kakao, /Open this page in your browser/);
  },
);

test("with a real client, speech becomes a take, and the microphone is off", async () => {
  await onPage(site, async (page) => {
    const recording = await page.evaluate(async () => {
      const { sdk, waitFor } = globalThis.page;
      const tracks = [];
      const { mediaDevices } = navigator;
      globalThis.mediaDevices = mediaDevices;
      const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        const stream = await getUserMedia(constraints);
        tracks.push(...stream.getTracks());
        return stream;
      };
      const client = new sdk.ThetaOne({ baseUrl: "/api" });
      const recorder = Object.assign(document.createElement("theta-recorder"), {
        client,
        // The browser's fake microphone beeps, and silence between beeps would be cut off.
        recordOptions: { trimSilence: false },
      });
      const waveform = Object.assign(document.createElement("theta-waveform"), { recorder });
      const score = Object.assign(document.createElement("theta-score"), {
        result: globalThis.page.result,
      });
      document.querySelector("main").append(recorder, waveform, score);
      await recorder.start();
      await waitFor(() => recorder.level.elapsedSeconds > 0.5, "the level is told");
      await waitFor(
        () => waveform.shadowRoot.querySelector(".live path")?.getAttribute("d").length > 100,
        "the sound is drawn",
      );
      await waitFor(() => recorder.level.elapsedSeconds > 1.5, "it goes on");
      const { elapsedSeconds } = recorder.level;
      await recorder.stop();
      if (recorder.state !== "done") throw recorder.error;
      const { take } = recorder;
      waveform.take = take;
      score.take = take;
      await waitFor(
        () =>
          waveform.shadowRoot.querySelector(".track") &&
          score.shadowRoot.querySelector(".word-button"),
      );
      return {
        isTake: sdk.Take.is(take),
        seconds: take.durationSeconds,
        elapsedSeconds,
        states: tracks.map(({ readyState }) => readyState),
      };
    });
    assert.equal(recording.isTake, true);
    // On a busy machine, recorders start late and have gaps.
    assert.ok(
      recording.seconds > recording.elapsedSeconds / 2,
      `${recording.seconds} s of ${recording.elapsedSeconds} s are in the take`,
    );
    assert.deepEqual(recording.states, ["ended"]);
    await unlock(page, "theta-score");
    assert.ok(
      Math.abs(
        (await page.evaluate(() => document.querySelector("theta-score").currentTime)) - 0.01,
      ) < 0.001,
      "it plays",
    );
  });
});

test("a Recorder of the SDK itself is drawn while it records, by its level", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { sdk, waitFor } = globalThis.page;
      const client = new sdk.ThetaOne({ baseUrl: "/api" });
      const recorder = await client.record({ stopOnSilenceSeconds: 30 });
      const first = { ...recorder.level };
      const waveform = Object.assign(document.createElement("theta-waveform"), { recorder });
      document.querySelector("main").append(waveform);
      const path = () => waveform.shadowRoot.querySelector(".live path")?.getAttribute("d") ?? "";
      await waitFor(() => path().length > 100, "the sound is drawn");
      const { rmsDbfs, peakDbfs, elapsedSeconds } = recorder.level;
      recorder.cancel();
      await waitFor(() => waveform.shadowRoot.querySelector(".muted"));
      return { first, isHeard: peakDbfs >= rmsDbfs && elapsedSeconds > 0 };
    });
    assert.deepEqual(Object.keys(outcome.first).sort(), ["elapsedSeconds", "peakDbfs", "rmsDbfs"]);
    assert.equal(outcome.isHeard, true);
  });
});
