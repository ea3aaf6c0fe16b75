// Tests what is heard and drawn of a take.

import { strict as assert } from "node:assert";
import { after } from "node:test";

import { onPage, openSite, test, unlock } from "./site.mjs";

const site = await openSite();
after(site.close);

const COMPLAINTS = /^thetaone-web\/elements: /;

/** How far a word may start from its time, in seconds. */
const LARGEST_ERROR_SECONDS = 0.03;

/**
 * Runs in the page: copies everything that goes to the loudspeaker to `outputSamples`, sample for
 * sample. The samples of `clock` say where in the sound they are.
 */
async function listen() {
  globalThis.outputSamples = [];
  const { AudioContext } = globalThis;
  const { connect } = AudioNode.prototype;
  const taps = new Map();
  const opened = [];
  globalThis.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      opened.push(this.#tap());
    }

    async #tap() {
      await this.audioWorklet.addModule("/tap-worklet.js");
      const tap = new AudioWorkletNode(this, "tap");
      tap.port.onmessage = ({ data }) => outputSamples.push(...data);
      connect.call(tap, this.destination);
      taps.set(this, tap);
    }
  };
  AudioNode.prototype.connect = function (target, ...more) {
    if (target instanceof AudioDestinationNode && taps.has(this.context))
      connect.call(this, taps.get(this.context));
    return connect.call(this, target, ...more);
  };
  /** Resolves when everything that an element plays from then on is heard. */
  globalThis.listening = async () => {
    await Promise.all(opened);
    outputSamples.length = 0;
  };
  /** Resolves when `count` samples of silence were heard after a sound. */
  globalThis.silent = (count = 512) =>
    page.waitFor(
      () =>
        outputSamples.some((sample) => sample !== 0) &&
        outputSamples.length > count &&
        outputSamples.slice(-count).every((sample) => sample === 0),
      "silence after a sound",
    );
  /** A sound whose level says its time: it rises from 0.1 to 0.9 in eight seconds. */
  globalThis.clock = (seconds) => page.wav(seconds, (frame) => 0.1 + frame / 160_000);
  globalThis.timeOf = (sample) => (sample - 0.1) * 10;
  /** The times of the first and the last sample that was heard, without the fades at the ends. */
  globalThis.spanHeard = () => {
    const samples = outputSamples.filter((sample) => sample > 0.05);
    outputSamples.length = 0;
    const margin = 64;
    const marginSeconds = margin / 16_000;
    return [
      timeOf(samples[margin]) - marginSeconds,
      timeOf(samples.at(-1 - margin)) + marginSeconds,
    ].map((seconds) => Math.round(seconds * 1000) / 1000);
  };
}

const components = (...spans) => ({
  user_speech_components: spans.map(([word, start, end]) => ({
    type: "word",
    word,
    start,
    end,
    score: 90,
  })),
});

test("a word is heard from its start to its end", async (t) => {
  await onPage(site, async (page) => {
    await page.evaluate(listen);
    const spans = [
      ["a", 0, 0.4],
      ["b", 0.7, 1.1],
      ["c", 2.345, 2.845],
      ["d", 5.123, 5.623],
      ["e", 7.5, 7.9],
    ];
    await page.evaluate(
      (result) => {
        globalThis.score = Object.assign(document.createElement("theta-score"), {
          take: clock(8),
          result,
        });
        document.querySelector("main").append(score);
      },
      components(...spans),
    );
    await unlock(page, "theta-score");
    const found = await page.evaluate(async () => {
      const { waitFor } = globalThis.page;
      await listening();
      const found = [];
      for (const button of score.shadowRoot.querySelectorAll(".word-button")) {
        // An observer, because a busy page may look for the mark only after the word has ended.
        const mark = new Promise((resolve) => {
          new MutationObserver(resolve).observe(button, { attributeFilter: ["aria-current"] });
        });
        button.click();
        await mark;
        await waitFor(() => !score.playing, "the word ends");
        await silent();
        found.push(spanHeard());
      }
      return found;
    });
    const errors = found.map(([start], index) => start - spans[index][1]);
    t.diagnostic(`heard from: ${found.map(([start]) => start).join(", ")} s`);
    t.diagnostic(
      `largest error of a start: ${(1000 * Math.max(...errors.map(Math.abs))).toFixed(1)} ms`,
    );
    for (const [index, [start, end]] of found.entries()) {
      assert.ok(
        Math.abs(start - spans[index][1]) <= LARGEST_ERROR_SECONDS,
        `${spans[index]}: heard from ${start}`,
      );
      // The last block may still be on its way to the loudspeaker when the context is suspended.
      assert.ok(
        end <= spans[index][2] + LARGEST_ERROR_SECONDS && end > start,
        `${spans[index]}: heard to ${end}`,
      );
    }
  });
});

test("with a reference, its word is heard after the user's, though it is at another time", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(listen);
    await page.evaluate(
      ([result, nativeResult]) => {
        const nativeTake = globalThis.page.wav(8, (frame) => -0.1 - frame / 160_000);
        globalThis.score = Object.assign(document.createElement("theta-score"), {
          take: clock(2),
          nativeTake,
          result,
          nativeResult,
        });
        document.querySelector("main").append(score);
      },
      [
        components(["Hello", 0.1, 0.4], ["World", 1, 1.3]),
        {
          speech_components: components(["hello", 0.1, 0.3], ["uh", 0.5, 0.6], ["world,", 3, 3.4])
            .user_speech_components,
        },
      ],
    );
    await unlock(page, "theta-score");
    const outcome = await page.evaluate(async () => {
      const { waitFor } = globalThis.page;
      await listening();
      const [, button] = score.shadowRoot.querySelectorAll(".word-button");
      let wasMarked = 0;
      button.click();
      await waitFor(() => {
        wasMarked += button.hasAttribute("aria-current") ? 1 : 0;
        return outputSamples.some((sample) => sample < -0.05) && !score.playing;
      });
      const own = outputSamples.findIndex((sample) => sample > 0.05);
      const native = outputSamples.findIndex((sample) => sample < -0.05);
      return {
        order: own < native,
        own: timeOf(outputSamples[own + 100]),
        native: timeOf(-outputSamples[native + 100]),
        wasMarked,
        isMarked: button.hasAttribute("aria-current"),
      };
    });
    assert.ok(outcome.order, "the user's comes first");
    assert.ok(Math.abs(outcome.own - 1) < LARGEST_ERROR_SECONDS, `own from ${outcome.own}`);
    assert.ok(
      Math.abs(outcome.native - 3) < LARGEST_ERROR_SECONDS,
      `native from ${outcome.native}`,
    );
    assert.ok(outcome.wasMarked > 0);
    assert.equal(outcome.isMarked, false);
  });
});

test("while the take plays, the word that is heard is marked, and the time is told", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(
      (result) => {
        globalThis.score = Object.assign(document.createElement("theta-score"), {
          take: globalThis.page.wav(3, () => 0),
          result,
        });
        document.querySelector("main").append(score);
      },
      // Long words, because a busy page draws only a few frames a second.
      components(["one", 0.1, 1], ["two", 1, 1.9], ["three", 2, 2.9]),
    );
    await unlock(page, "theta-score");
    const outcome = await page.evaluate(async () => {
      const { waitFor } = globalThis.page;
      const marks = [];
      const times = [];
      score.addEventListener("timeupdate", ({ detail }) => {
        times.push(detail.currentTime);
        const text = score.shadowRoot.querySelector("[aria-current] .rated")?.textContent ?? "";
        if (marks.at(-1) !== text) marks.push(text);
      });
      score.shadowRoot.getElementById("play").click();
      await waitFor(() => score.playing);
      const label = score.shadowRoot.getElementById("play").textContent;
      await waitFor(() => !score.playing);
      return {
        marks,
        label,
        last: times.at(-1),
        sorted: times.every((time, index) => index === 0 || time >= times[index - 1]),
        after: score.shadowRoot.getElementById("play").textContent,
      };
    });
    assert.deepEqual(outcome.marks.filter(Boolean), ["one", "two", "three"]);
    assert.ok(outcome.sorted && Math.abs(outcome.last - 3) < 0.001, `${outcome.last}`);
    assert.deepEqual([outcome.label, outcome.after], ["Stop", "Play your recording"]);
  });
});

test("a newer sound ends the older, stop() ends all, and nothing plays after removal", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(
      (result) => {
        const { AudioContext } = globalThis;
        globalThis.contexts = [];
        globalThis.AudioContext = class extends AudioContext {
          constructor(options) {
            super(options);
            contexts.push(this);
          }
        };
        globalThis.score = Object.assign(document.createElement("theta-score"), {
          take: globalThis.page.wav(60, () => 0),
          result,
        });
        document.querySelector("main").append(score);
      },
      components(["one", 0.1, 0.4]),
    );
    await unlock(page, "theta-score");
    const isPlaying = await page.evaluate(async () => {
      const { waitFor } = globalThis.page;
      const all = score.play();
      await waitFor(() => score.currentTime > 0.1);
      const part = score.play(30, 50);
      await all;
      await waitFor(() => score.currentTime > 30);
      score.stop();
      await part;
      const isPlaying = score.playing;
      score.play(0);
      await waitFor(() => score.currentTime < 30);
      score.remove();
      await waitFor(() => contexts.every(({ state }) => state === "closed"));
      document.querySelector("main").append(score);
      return isPlaying || score.playing;
    });
    assert.equal(isPlaying, false);
    await unlock(page, "theta-score");
    const outcome = await page.evaluate(async () => {
      score.play(0);
      await globalThis.page.waitFor(() => score.currentTime > 0.1);
      score.take = undefined;
      return [score.playing, contexts.length];
    });
    assert.deepEqual(outcome, [false, 2]);
  });
});

test("a click plays a waveform from there, a drag moves, and both tell the time", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(async () => {
      await globalThis.page.showStates(["waveform with a reference"]);
      globalThis.waveform = document.querySelector("theta-waveform");
      globalThis.times = [];
      waveform.addEventListener("timeupdate", ({ detail }) => times.push(detail.currentTime));
    });
    const box = await page.evaluate(() => {
      const { x, y, width, height } = waveform.shadowRoot
        .getElementById("position-own")
        .getBoundingClientRect();
      return { x, y, width, height };
    });
    const at = (seconds) => [box.x + (box.width * seconds) / 2.8, box.y + box.height / 3];
    await page.mouse.move(...at(0.5));
    await page.mouse.down();
    await page.mouse.move(...at(1));
    await page.mouse.move(...at(1.5));
    assert.equal(await page.evaluate(() => waveform.playing), false);
    assert.ok(Math.abs((await page.evaluate(() => waveform.currentTime)) - 1.5) < 0.02);
    await page.mouse.up();
    await page.waitForFunction(() => waveform.playing && waveform.currentTime > 1.6);
    const seconds = await page.evaluate(() => times);
    assert.ok(
      Math.abs(seconds[0] - 0.5) < 0.02 && Math.abs(seconds[1] - 1) < 0.02,
      `${seconds.slice(0, 4)}`,
    );
    await page.waitForFunction(() => !waveform.playing);
    assert.ok(Math.abs((await page.evaluate(() => waveform.currentTime)) - 2.8) < 0.001);
  });
});

test("both tracks have one time axis, the reference above", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      await globalThis.page.showStates(["waveform with a reference"]);
      const { shadowRoot } = document.querySelector("theta-waveform");
      const box = (selector) => shadowRoot.querySelector(selector).getBoundingClientRect();
      const wave = box(".own .wave");
      const label = (track, index) =>
        shadowRoot.querySelectorAll(`.${track} .label`)[index].getBoundingClientRect();
      const secondsAt = (x) => ((x - wave.left) / wave.width) * 2.8;
      const drawn = (track) =>
        Number(shadowRoot.querySelector(`.${track} .shape`).viewBox.baseVal.width);
      return {
        isAbove: box(".native").bottom <= box(".own").top,
        starts: [secondsAt(label("own", 1).left), secondsAt(label("native", 1).left)],
        ratio: drawn("native") / drawn("own"),
      };
    });
    assert.ok(outcome.isAbove);
    assert.ok(
      Math.abs(outcome.starts[0] - 0.9) < 0.02 && Math.abs(outcome.starts[1] - 0.4) < 0.02,
      `${outcome.starts}`,
    );
    // The shape of 1.7 s fills that share of a drawing that is 2.8 s wide.
    assert.ok(Math.abs(outcome.ratio - 2.8 / 1.7) < 0.01, `${outcome.ratio}`);
  });
});

test("the shape is that of the sound, of WAV of any rate and of what the browser decodes", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { header, waitFor, wav } = globalThis.page;
      /** A tone on the first channel: silent, then half, then full scale. */
      const steps =
        (frames) =>
        (frame, channel = 0) =>
          [0, 0.5, 1][Math.floor((3 * frame) / frames)] *
          Math.sin((frame * Math.PI) / 8) *
          (1 - channel);
      const blobs = {
        mono: wav(3, steps(48_000)),
        stereo: wav(3, steps(144_000), { rate: 48_000, channels: 2 }),
        short: wav(0.03, steps(480)),
        "an exaggerating header": new Blob([
          header(1e9),
          await wav(3, steps(48_000)).slice(44).arrayBuffer(),
        ]),
      };
      // 32-bit float WAV, which only the browser's decoder reads.
      const head = header(48_000 * 4);
      head.setUint16(20, 3, true);
      head.setUint16(34, 32, true);
      head.setUint16(32, 4, true);
      head.setUint32(28, 64_000, true);
      blobs.float = new Blob([
        head,
        Float32Array.from({ length: 48_000 }, (_, frame) => steps(48_000)(frame)),
      ]);
      const outcome = {};
      for (const [name, take] of Object.entries(blobs)) {
        const waveform = Object.assign(document.createElement("theta-waveform"), { take });
        document.querySelector("main").append(waveform);
        await waitFor(() => waveform.shadowRoot.querySelector(".shape path[d^=M]"));
        const shape = waveform.shadowRoot.querySelector(".shape");
        const points = shape.firstChild
          .getAttribute("d")
          .slice(1, -1)
          .split("L")
          .map((point) => point.split(" ").map(Number));
        const { width } = shape.viewBox.baseVal;
        const topAt = (share) =>
          Math.min(
            ...points
              .filter(([x, y]) => x >= share * width && x <= share * width + 16 && y < 100)
              .map(([, y]) => y),
          );
        outcome[name] = [0.16, 0.5, 0.84].map(
          (share) => Math.round((100 - topAt(share)) / 10) / 10,
        );
      }
      return outcome;
    });
    for (const [name, tops] of Object.entries(outcome)) {
      assert.deepEqual(tops, [0, 0.5, 1], name);
    }
  });
});

test("a waveform is drawn once, not when it is resized, played or shown in other colors", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(() => globalThis.page.showStates(["waveform with words"]));
    await unlock(page, "theta-waveform");
    const drawings = await page.evaluate(async () => {
      const { waitFor } = globalThis.page;
      const waveform = document.querySelector("theta-waveform");
      let drawings = 0;
      const { setAttribute } = Element.prototype;
      Element.prototype.setAttribute = function (name, value) {
        if (this.localName === "path" && String(value).length > 100) drawings += 1;
        return setAttribute.call(this, name, value);
      };
      waveform.style.width = "200px";
      document.documentElement.dataset.scheme = "dark";
      waveform.currentTime = 1;
      waveform.play();
      await waitFor(() => waveform.currentTime > 1.3);
      waveform.stop();
      const quiet = drawings;
      waveform.result = undefined;
      await waitFor(() => !waveform.shadowRoot.querySelector(".label"));
      return [quiet, drawings];
    });
    assert.deepEqual(drawings, [0, 1]);
  });
});

test("peaks of the take itself are used, where it has them", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { sdk, waitFor, wav } = globalThis.page;
      const bucketCounts = [];
      const take = { blob: wav(2, () => 0), [Symbol.for("thetaone-web.Take")]: true };
      take.peaks = (buckets) => {
        bucketCounts.push(buckets);
        return new Float32Array(2 * buckets).map((_, index) => (index % 2 ? 0.5 : -0.25));
      };
      const waveform = Object.assign(document.createElement("theta-waveform"), { take });
      document.querySelector("main").append(waveform);
      await waitFor(() => waveform.shadowRoot.querySelector(".track"));
      const d = waveform.shadowRoot.querySelector(".shape path").getAttribute("d");
      return [
        bucketCounts,
        d.startsWith("M0 0L1 0"),
        d.endsWith("L0 151Z") || d.slice(-12),
        sdk.Take.is(take),
      ];
    });
    assert.deepEqual(outcome, [[2000], true, outcome[2], true]);
    assert.ok(outcome[2] === true || /L0 15\dZ$/.test(outcome[2]), `${outcome[2]}`);
  });
});

test("a recording that runs is drawn while it comes, and its take after it", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { scriptedClient, waitFor, speech } = globalThis.page;
      const recorder = Object.assign(document.createElement("theta-recorder"), {
        client: scriptedClient({ taking: async () => ({ durationSeconds: 1 }) }),
      });
      const waveform = Object.assign(document.createElement("theta-waveform"), { recorder });
      document.querySelector("main").append(recorder, waveform);
      await waitFor(() => waveform.shadowRoot.querySelector(".muted"));
      await recorder.start();
      await waitFor(() => waveform.shadowRoot.querySelector(".live"));
      const path = () => waveform.shadowRoot.querySelector(".live path").getAttribute("d");
      const lengths = [];
      for (const seconds of [0.04, 0.08, 0.12]) {
        recorder.client.recorders[0].advance(seconds, -10);
        const before = path();
        await waitFor(() => path() !== before);
        lengths.push(path().length);
      }
      await recorder.stop();
      await waitFor(() => waveform.shadowRoot.querySelector(".muted"));
      waveform.take = speech(1);
      await waitFor(() => waveform.shadowRoot.querySelector(".track"));
      await recorder.start();
      await waitFor(() => waveform.shadowRoot.querySelector(".live"));
      recorder.remove();
      await waitFor(() => waveform.shadowRoot.querySelector(".track"));
      return lengths;
    });
    assert.ok(outcome[0] < outcome[1] && outcome[1] < outcome[2], `${outcome}`);
  });
});

test("unreadable and unplayable input is reported, and the page goes on", async () => {
  await onPage(
    site,
    async (page) => {
      const outcome = await page.evaluate(async () => {
        const { result, waitFor, speech } = globalThis.page;
        const waveform = Object.assign(document.createElement("theta-waveform"), {
          take: new Blob(["RIFF no sound at all"]),
        });
        document.querySelector("main").append(waveform);
        await waitFor(() => waveform.shadowRoot.querySelector("[role=alert]"));
        const text = waveform.shadowRoot.querySelector("[role=alert]").textContent;
        await waveform.play();
        waveform.take = speech(1);
        await waitFor(
          () =>
            waveform.shadowRoot.querySelector(".track") &&
            !waveform.shadowRoot.querySelector("[role=alert]"),
        );
        const score = Object.assign(document.createElement("theta-score"), {
          take: new Blob(["x"]),
          result,
        });
        document.querySelector("main").append(score);
        await waitFor(() => score.shadowRoot.querySelector(".word-button"));
        score.shadowRoot.querySelector(".word-button").click();
        await waitFor(() => !score.playing);
        return [text, score.shadowRoot.querySelectorAll("[aria-current]").length];
      });
      assert.deepEqual(outcome, ["This recording cannot be played here.", 0]);
    },
    { expected: COMPLAINTS },
  );
});

test("an hour of audio: what drawing takes, and how long the page is held up", async (t) => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { header, waitFor } = globalThis.page;
      const minute = new Int16Array(16_000 * 60).map(
        (_, frame) => 12_000 * Math.sin(frame / 9) * Math.sin(frame / 50_000),
      );
      const take = new Blob([
        header(60 * minute.byteLength),
        ...Array.from({ length: 60 }, () => minute),
      ]);
      const result = {
        speech_components: Array.from({ length: 9_000 }, (_, index) => ({
          type: "word",
          word: `w${index}`,
          start: index * 0.4,
          end: index * 0.4 + 0.3,
          score: 50,
        })),
      };
      let longestMs = 0;
      let lastMs = performance.now();
      const timer = new MessageChannel();
      let isOver = false;
      timer.port1.onmessage = () => {
        const now = performance.now();
        longestMs = Math.max(longestMs, now - lastMs);
        lastMs = now;
        if (!isOver) timer.port2.postMessage(0);
      };
      const waveform = document.createElement("theta-waveform");
      document.querySelector("main").append(waveform);
      timer.port2.postMessage(0);
      const begin = performance.now();
      Object.assign(waveform, { take, result });
      await waitFor(() => waveform.shadowRoot.querySelector(".track"));
      const readMs = performance.now() - begin;
      isOver = true;
      // Drawn anew from the peaks, which are known by now, as for a take that has them.
      const draws = [];
      for (let run = 0; run < 5; run++) {
        const start = performance.now();
        waveform.update();
        waveform.getBoundingClientRect();
        draws.push(performance.now() - start);
      }
      return {
        readMs,
        longestMs,
        drawMs: draws.sort((one, other) => one - other)[2],
        labels: waveform.shadowRoot.querySelectorAll(".label").length,
        duration: waveform.shadowRoot.getElementById("position-own").getAttribute("aria-valuemax"),
      };
    });
    assert.equal(outcome.duration, "3600.00");
    assert.equal(outcome.labels, 0);
    t.diagnostic(
      `an hour is drawn in ${outcome.drawMs.toFixed(1)} ms; ` +
        `reading its 115 MB before, in the background, took ${outcome.readMs.toFixed(0)} ms, ` +
        `and held the page up for ${outcome.longestMs.toFixed(0)} ms at most`,
    );
  });
});
