// The tests of a page in the sandboxes of Jest and Vitest, with classes of jsdom and classes of
// Node.

import { Blob as OuterBlob, File as OuterFile } from "node:buffer";
import { readFileSync } from "node:fs";

import { NotAllWordsSpokenError, Take, ThetaOne, ThetaOneError } from "thetaone-web";
import {
  answers,
  fakeMicrophone,
  fault,
  scriptedFetch,
  toneWav,
  virtualClock,
} from "thetaone-web/testing";

const clock = virtualClock();
const microphone = fakeMicrophone({ tone: { seconds: 2 } });
afterEach(() => {
  clock.uninstall();
  microphone.uninstall();
});

const client = (steps, more) => {
  const fetch = scriptedFetch(steps);
  return { fetch, theta: new ThetaOne({ baseUrl: "/api/theta", fetch, ...more }) };
};

test("a busy API costs the speaker three seconds, but not the recording", async () => {
  clock.install();
  microphone.install();
  const { fetch, theta } = client([
    answers.rateLimited({ retryAfterSeconds: 3 }),
    answers.notAllWordsSpoken(),
  ]);
  const recorder = await theta.record();
  const take = await recorder.stop();
  expect(Take.is(take)).toBe(true);
  const call = theta.pronunciationSimple(take, { gold_text: "Wow, check out this castle." });
  await expect(clock.until(call)).rejects.toBeInstanceOf(NotAllWordsSpokenError);
  expect(clock.elapsedMs).toBe(3000);
  expect(fetch.requests[1]?.fields.options.gold_text).toBe("Wow, check out this castle.");
  expect(fetch.requests[1]?.audio.size).toBe(take.bytes);
  fetch.assertDone();
});

test("sound is taken from the sandbox, and from outside of it", async () => {
  const tone = toneWav();
  // A buffer of Node, which has another realm than the sandbox.
  const outer = readFileSync(process.env.SPEECH);
  const sounds = {
    blob: tone,
    file: new File([tone], "tone.wav"),
    "Node's buffer": outer,
    "Node's ArrayBuffer": outer.buffer.slice(outer.byteOffset, outer.byteOffset + outer.length),
    "Node's blob": new OuterBlob([outer]),
    "Node's file": new OuterFile([outer], "speech.wav"),
  };
  for (const [name, sound] of Object.entries(sounds)) {
    const { theta, fetch } = client([answers.transcribe()]);
    const result = await theta
      .transcribe(sound, { suppress_korean: true }, { signal: new AbortController().signal })
      .catch((error) => error);
    expect([name, result.text ?? result.message]).toEqual([name, "Welcome to Theta One AI!"]);
    expect(fetch.requests[0].audio.size).toBe(sound.size ?? sound.byteLength);
    expect((await theta.prepare(sound)).bytes).toBe(sound.size ?? sound.byteLength);
  }
});

test("a signal of the sandbox aborts", async () => {
  const controller = new AbortController();
  const { theta } = client([fault.hang()]);
  const call = theta.transcribe(
    toneWav(),
    {},
    {
      signal: controller.signal,
      onProgress: ({ phase }) => phase === "uploading" && controller.abort(),
    },
  );
  await expect(call).rejects.toMatchObject({ name: "AbortError", code: "ABORTED" });
});

test("every answer of the reference is the error that it says", async () => {
  const steps = [
    answers.notAllWordsSpoken(),
    answers.unauthorized(),
    answers.payloadTooLarge(),
    fault.notJson(),
    fault.brokenBody(),
  ];
  const codes = [];
  for (const step of steps) {
    const { theta } = client([step], {
      baseUrl: new URL("http://localhost/api"),
      retry: { maxAttempts: 1 },
    });
    codes.push(
      await theta
        .transcribe(toneWav())
        .catch((error) => (ThetaOneError.is(error) ? error.code : error)),
    );
  }
  expect(codes).toEqual([
    "NOT_ALL_WORDS_SPOKEN",
    "UNAUTHORIZED",
    "PAYLOAD_TOO_LARGE",
    "INVALID_RESPONSE",
    "INVALID_RESPONSE",
  ]);
});

test("transcribeLong and references load in the sandbox", async () => {
  const { theta } = client([answers.transcribe(), answers.analyzeNative()]);
  expect((await theta.transcribeLong(toneWav())).parts).toHaveLength(1);
  expect(
    (await theta.references.get(toneWav(), { gold_text: "Wow" })).speech_components,
  ).toHaveLength(1);
});
