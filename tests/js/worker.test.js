// The package in a dedicated worker. How recordings are decoded there is tested end to end, in
// ../e2e/worker.test.mjs.

import { ThetaOne } from "../../pkg/index.js";
import { floatWav, toneWav } from "../support/wav.js";
import { toneMp3 } from "./support/mp3.js";
import { fieldsOf, instantServer } from "./support/server.js";
import { assert, rejection, test } from "./support/test.js";

const newClient = (options) => new ThetaOne({ baseUrl: "/api", ...options });
const recording = async () =>
  (await fetch("/tests/fixtures/recordings/chromium.webm")).arrayBuffer();

for (const [title, audioOf, name, type] of [
  ["WAV", async () => toneWav(800), "audio.wav", "audio/wav"],
  ["MP3", toneMp3, "audio.mp3", "audio/mpeg"],
]) {
  test(`${title} is sent as it is`, async () => {
    const server = instantServer('{"text":"hi"}');
    const audio = await audioOf();
    const { text } = await newClient({ fetch: server.fetch }).transcribe(audio);
    assert.strictEqual(text, "hi");
    assert.strictEqual(server.requests.length, 1);
    assert.deepEqual(fieldsOf(server.requests[0]), [`file: ${name} ${type} ${audio.length}`]);
  });
}

test("WAV that the API does not take is converted", async () => {
  const take = await newClient().prepare(floatWav(0.5));
  assert.strictEqual(take.durationSeconds, 0.5);
});

test("a worker has no document and no OfflineAudioContext", () => {
  assert.isTrue(typeof document === "undefined" && typeof OfflineAudioContext === "undefined");
});

test("a decoder that cannot be loaded is a WasmLoadError that names the file", async () => {
  const { ThetaOne } = await import("/pkg-without/webcodecs-decoder.js/index.js");
  const error = await rejection(new ThetaOne({ baseUrl: "/api" }).prepare(await recording()));
  assert.strictEqual(error.name, "WasmLoadError", error.message);
  assert.strictEqual(error.code, "WASM_LOAD_FAILED");
  assert.include(error.message, "webcodecs-decoder.js");
  assert.instanceOf(error.cause, Error);
});

test("without AudioDecoder, a recording is an unsupported codec, and the message says what to pass", async () => {
  delete globalThis.AudioDecoder;
  const error = await rejection(newClient().prepare(await recording()));
  assert.strictEqual(error.name, "InvalidAudioError");
  assert.strictEqual(error.reason, "unsupported_codec");
  assert.include(error.message, "pass WAV or MP3");
});

for (const length of [0, 3, 40, 2000]) {
  test(`${length} bytes that are no audio are rejected, and nothing hangs`, async () => {
    const error = await rejection(newClient().prepare(new Uint8Array(length)));
    assert.strictEqual(error.name, "InvalidAudioError");
  });
}

test("a worker has no microphone", async () => {
  const error = await rejection(newClient().record());
  assert.strictEqual(error.name, "MicrophoneError");
  assert.strictEqual(error.reason, "unsupported");
  assert.isNotEmpty(error.message);
});
