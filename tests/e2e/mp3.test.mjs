// Tests of takes as MP3: the encoded speech, measured with the browser's decoder and the
// emulator's.

import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { SPEECH, forget, launch, onPage, requests, test, uploaded } from "./page.mjs";

const PACKAGE = new URL("../../pkg/", import.meta.url);
const RECORDINGS = fileURLToPath(new URL("../fixtures/recordings/", import.meta.url));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * Runs `steps` on a page that has a client as `theta` and the sentence as `speech`. `loaded` lists
 * the files of the package that the page fetched.
 */
function withPackage(steps) {
  return onPage(browser, {}, async (page) => {
    const loaded = [];
    await page.route("**/pkg/**", async (route) => {
      const name = new URL(route.request().url()).pathname.replace("/pkg/", "");
      loaded.push(name);
      await route.fulfill({
        contentType: "text/javascript",
        body: await readFile(new URL(name, PACKAGE)),
      });
    });
    await page.route("**/speech.wav", (route) =>
      route.fulfill({ contentType: "audio/wav", path: SPEECH }),
    );
    await page.route("**/*.webm", (route) =>
      route.fulfill({ contentType: "audio/webm", path: `${RECORDINGS}chromium.webm` }),
    );
    await page.evaluate(async () => {
      const { ThetaOne } = await import("/pkg/index.js");
      globalThis.theta = new ThetaOne({ baseUrl: "/api/theta" });
      globalThis.speech = await (await fetch("/speech.wav")).blob();
      /** Waits until this many seconds are recorded, or the recording has ended. */
      globalThis.recorded = async (recorder, seconds) => {
        const isShort = () => recorder.state === "recording" && recorder.elapsedSeconds < seconds;
        while (isShort()) await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      globalThis.factsOf = ({ blob, ...facts }) => ({ ...facts, type: blob.type });
      /** Returns the samples of a file by the browser's decoder, at 16 kHz. */
      globalThis.samplesOf = async (blob) => {
        const decoded = await new OfflineAudioContext(1, 1, 16000).decodeAudioData(
          await blob.arrayBuffer(),
        );
        return decoded.getChannelData(0);
      };
      /** Returns the speech at 16 kHz, as WAV. */
      globalThis.narrow = async () => {
        const wide = await (await fetch("/speech.wav")).arrayBuffer();
        // A WAV of floats is converted.
        const header = new Uint8Array(wide.slice(0, 44));
        const samples = new Int16Array(wide, 44);
        const floats = Float32Array.from(samples, (sample) => sample / 32768);
        const view = new DataView(header.buffer);
        view.setUint32(4, 36 + floats.byteLength, true);
        view.setUint16(20, 3, true);
        view.setUint32(28, 48000 * 4, true);
        view.setUint16(32, 4, true);
        view.setUint16(34, 32, true);
        view.setUint32(40, floats.byteLength, true);
        return globalThis.theta.prepare(new Blob([header, floats]));
      };
    });
    await steps(page, loaded);
  });
}

const near = (one, other, most, what) =>
  assert.ok(Math.abs(one - other) <= most, `${what}: ${one} and ${other}`);

test("speech as MP3 is as long and as loud as it was, and a fifth of the size", async () => {
  await withPackage(async (page, loaded) => {
    const { mp3, wav, heard } = await page.evaluate(async () => {
      const { theta, speech, factsOf } = globalThis;
      const wav = await globalThis.narrow();
      const take = await theta.prepare(speech, { format: "mp3" });
      const samples = await globalThis.samplesOf(take.blob);
      const before = new Int16Array((await wav.blob.arrayBuffer()).slice(44));
      const dbfs = (values) =>
        10 * Math.log10(values.reduce((sum, value) => sum + value * value, 0) / values.length);
      const error = Float32Array.from(before, (sample, at) => sample / 32768 - (samples[at] ?? 0));
      return {
        mp3: factsOf(take),
        wav: factsOf(wav),
        heard: { seconds: samples.length / 16000, dbfs: dbfs(samples), errorDb: dbfs(error) },
      };
    });
    assert.equal(mp3.type, "audio/mpeg");
    assert.deepEqual([mp3.sampleRate, mp3.channels, mp3.offsetSeconds], [16000, 1, 0]);
    // The takes are analyzed before they are encoded, so their properties are equal.
    const { bytes: mp3Bytes, type: _mp3, ...facts } = mp3;
    const { bytes: wavBytes, type: _wav, ...same } = wav;
    assert.deepEqual(facts, same);
    assert.ok(mp3Bytes < wavBytes / 5, `${mp3Bytes} of ${wavBytes} bytes`);
    near(mp3Bytes, mp3.durationSeconds * 6000, 800, "bytes at 48 kbit/s");
    near(heard.seconds, mp3.durationSeconds, 0.001, "seconds");
    near(heard.dbfs, mp3.rmsDbfs, 0.2, "dBFS");
    assert.ok(
      heard.errorDb < heard.dbfs - 12,
      `${heard.dbfs - heard.errorDb} dB above the error: it is in its place`,
    );
    assert.equal(loaded.filter((name) => name === "wasm/mp3-inline.js").length, 1);
  });
});

test("the encoder is not fetched before MP3 is asked for", async () => {
  await withPackage(async (page, loaded) => {
    await page.evaluate(() =>
      globalThis.theta.prepare(globalThis.speech, { format: "wav", bitrateKbps: 64 }),
    );
    assert.ok(loaded.includes("loading/lazy-features.js"));
    assert.deepEqual(
      loaded.filter((name) => /^(wasm\/mp3|loading\/mp3-encoder)/.test(name)),
      [],
    );
  });
});

test("a take of MP3 goes up as it is, and a server hears what is in it", async () => {
  await forget();
  await withPackage(async (page) => {
    const { take, again, answer } = await page.evaluate(async () => {
      const { theta, factsOf } = globalThis;
      const webm = await (await fetch("/recording.webm")).blob();
      const take = await theta.prepare(webm, { format: "mp3", bitrateKbps: 32, trimSilence: true });
      const again = await theta.prepare(take.blob);
      const answer = await theta.transcribe(take);
      return { take: factsOf(take), again: factsOf(again), answer };
    });
    const [request] = await requests();
    assert.equal(request.status, 200);
    assert.equal(request.file.format, "mp3");
    assert.deepEqual([request.file.sampleRate, request.file.channels], [16000, 1]);
    // Some decoders do not remove the encoder's padding.
    near(request.file.durationSeconds, take.durationSeconds, 0.12, "seconds");
    const sent = await uploaded(request.id);
    assert.equal(sent.length, take.bytes);
    near(answer.metadata.speech_seconds, take.speechSeconds, 0.5, "seconds of speech");
    assert.ok(take.offsetSeconds >= 0);
    // The upload, read again as a file, has the same length and level.
    near(again.durationSeconds, take.durationSeconds, 1e-9, "seconds of the frames");
    near(again.rmsDbfs, take.rmsDbfs, 0.5, "dBFS");
    // The threshold of quiet depends on the whole recording, which trimming made shorter.
    near(again.speechSeconds, take.speechSeconds, 0.4, "seconds of speech");
  });
});

for (const capture of ["encoded", "pcm"]) {
  test(`what the microphone hears becomes MP3 (${capture})`, async () => {
    await withPackage(async (page) => {
      const { take, smaller, same } = await page.evaluate(async (capture) => {
        const { theta, factsOf, recorded } = globalThis;
        const recorder = await theta.record({ format: "mp3", capture });
        await recorded(recorder, 2.5);
        const take = await recorder.stop();
        return {
          take: factsOf(take),
          smaller: factsOf(await theta.prepare(take, { trimSilence: true })),
          same: (await theta.prepare(take, { format: "mp3" })) === take,
        };
      }, capture);
      assert.equal(take.type, "audio/mpeg");
      assert.equal(take.stopReason, "stop");
      assert.ok(take.durationSeconds > 1 && take.durationSeconds < 3, `${take.durationSeconds} s`);
      assert.ok(take.speechSeconds > 0.5);
      near(take.bytes, take.durationSeconds * 6000, 1000, "bytes");
      assert.ok(same, "it is MP3 already");
      assert.deepEqual([smaller.type, smaller.stopReason], ["audio/mpeg", "stop"]);
      near(smaller.offsetSeconds, take.offsetSeconds, 1e-9, "seconds that were cut off");
    });
  });
}

test("a recorded take can become MP3 later, and keeps what is known of it", async () => {
  await withPackage(async (page) => {
    const { wav, mp3 } = await page.evaluate(async () => {
      const { theta, factsOf, recorded } = globalThis;
      const recorder = await theta.record();
      await recorded(recorder, 2);
      const wav = await recorder.stop();
      const mp3 = await theta.prepare(wav, { format: "mp3", bitrateKbps: 64 });
      return { wav: factsOf(wav), mp3: factsOf(mp3) };
    });
    assert.deepEqual([wav.type, mp3.type], ["audio/wav", "audio/mpeg"]);
    for (const fact of [
      "durationSeconds",
      "offsetSeconds",
      "sampleRate",
      "channels",
      "stopReason",
    ]) {
      assert.equal(mp3[fact], wav[fact], fact);
    }
  });
});

test("a rate that MP3 does not have stays WAV", async () => {
  await withPackage(async (page) => {
    const takes = await page.evaluate(async () => {
      const { theta, speech, factsOf } = globalThis;
      const takes = [];
      for (const rate of [15000, 8000, 9000, 12000]) {
        const bytes = await speech.arrayBuffer();
        new DataView(bytes).setUint32(24, rate, true);
        takes.push(factsOf(await theta.prepare(bytes, { format: "mp3" })));
      }
      return takes;
    });
    assert.deepEqual(
      takes.map(({ type, sampleRate }) => [type, sampleRate]),
      [
        ["audio/wav", 15000],
        ["audio/mpeg", 8000],
        ["audio/wav", 9000],
        ["audio/mpeg", 12000],
      ],
    );
  });
});

/** Runs in the page: returns ten minutes of speech. */
async function longSpeech() {
  const { speech } = globalThis;
  const samples = speech.slice(44);
  const times = 190;
  const header = new DataView(await speech.slice(0, 44).arrayBuffer());
  header.setUint32(4, 36 + samples.size * times, true);
  header.setUint32(40, samples.size * times, true);
  return new Blob([header, ...Array(times).fill(samples)]);
}

/**
 * Runs in the page: encodes long speech by a clock that each look advances by 3 ms, so that the speed
 * of the machine does not count. Returns the looks, and the most between two tasks of the page.
 */
async function countLooks() {
  const long = await globalThis.longSpeech();
  let looks = 0;
  let looksBefore = 0;
  let mostLooks = 0;
  const { now } = performance;
  performance.now = () => 3 * ++looks;
  // A task of the page is always waiting, and runs whenever it is let.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    mostLooks = Math.max(mostLooks, looks - looksBefore);
    looksBefore = looks;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  await globalThis.theta.prepare(long, { format: "mp3" });
  port1.close();
  performance.now = now;
  return { looks, mostLooks };
}

test("long speech does not hold the page up, and can be given up", async () => {
  await withPackage(async (page) => {
    await page.evaluate(`globalThis.longSpeech = ${longSpeech}`);
    const { seconds, took, long, stopped } = await page.evaluate(async () => {
      const { theta, speech } = globalThis;
      const long = await globalThis.longSpeech();
      await theta.prepare(speech, { format: "mp3" });
      const tasks = [];
      let onTasks = () => {};
      const observer = new PerformanceObserver((list) => {
        tasks.push(...list.getEntries());
        onTasks();
      });
      observer.observe({ entryTypes: ["longtask"] });
      const started = performance.now();
      const { durationSeconds: seconds } = await theta.prepare(long, { format: "mp3" });
      const ended = performance.now();
      const took = ended - started;
      // The observer reports tasks in order. Once it reports the long task below, it has reported
      // all earlier ones.
      const isOurs = ({ startTime }) => startTime >= ended;
      const isTold = new Promise((resolve) => {
        onTasks = () => tasks.some(isOurs) && resolve();
      });
      setTimeout(() => {
        const since = performance.now();
        while (performance.now() < since + 60);
      });
      // Firefox does not observe tasks.
      if (PerformanceObserver.supportedEntryTypes.includes("longtask")) await isTold;
      observer.disconnect();
      const others = tasks.filter((task) => !isOurs(task));
      const controller = new AbortController();
      const again = theta.prepare(long, { format: "mp3", signal: controller.signal });
      setTimeout(() => controller.abort());
      const stopped = await again.catch(({ name }) => name);
      return { seconds, took, long: others.map(({ duration }) => duration), stopped };
    });
    console.log(
      `${seconds.toFixed(0)} s of speech took ${took.toFixed(0)} ms; tasks of more than 50 ms: ${long.length}`,
    );
    assert.equal(stopped, "AbortError");
    // On an idle machine there are no long tasks. On a busy one, all times grow by the same factor.
    assert.ok(
      long.every((ms) => ms < took / 20),
      `${long} of ${took} ms`,
    );
    const { looks, mostLooks } = await page.evaluate(countLooks);
    console.log(`${looks} looks at the clock, at most ${mostLooks} without a task of the page`);
    // A second of speech is read in three steps and encoded in two, each some milliseconds of work.
    assert.ok(looks >= seconds * 5, `${looks} looks`);
    // The work yields after 8 ms: 3 looks, and one to start anew.
    assert.ok(mostLooks <= 4, `${mostLooks} looks`);
  });
});
