// MP3 files: read frame by frame, sent as they are, and listened to.

import { ThetaOne } from "../../pkg/index.js";
import { virtualClock } from "../../pkg/testing.js";
import { ape, id3v1 } from "../files/mp3s.mjs";
import { talkWav } from "../support/wav.js";
import { statesOf, watchTracks } from "./support/microphone.js";
import {
  concat,
  filled,
  freeFormat,
  infoFrame,
  layerOne,
  layerTwo,
  mono128,
  mono64,
  mpeg2,
  silentMp3,
  stereo320,
  tagWithHeaders,
  toneMp3,
} from "./support/mp3.js";
import { fieldsOf, instantServer } from "./support/server.js";
import { assert, rejection, test } from "./support/test.js";

/** The samples of a frame of MPEG 1. */
const FRAME_SAMPLES = 1152;

function newPage() {
  const server = instantServer('{"text":"hi"}');
  return { server, client: new ThetaOne({ baseUrl: "/api", fetch: server.fetch }) };
}

const prepare = (audio) => newPage().client.prepare(audio);
const text = (letters) => new TextEncoder().encode(letters);

/**
 * Counts how often the browser is asked to decode; the decoding of such an OfflineAudioContext
 * fails, or never ends, where `how` says so.
 */
function watchDecoding(how) {
  const watch = { count: 0 };
  const { prototype } = OfflineAudioContext;
  const { decodeAudioData } = prototype;
  prototype.decodeAudioData = function (file) {
    watch.count++;
    if (how === "fails") return Promise.reject(new DOMException("on purpose", "EncodingError"));
    return how === "hangs" ? new Promise(() => {}) : decodeAudioData.call(this, file);
  };
  return watch;
}

test("the duration is counted in frames", async () => {
  // By the bit rate of its first frame it would be twice as long.
  const take = await prepare(concat(tagWithHeaders(400_000), mono64(40), mono128(40)));
  assert.strictEqual(take.durationSeconds, (80 * FRAME_SAMPLES) / 44_100);
  assert.strictEqual(take.sampleRate, 44_100);
  assert.strictEqual(take.blob.type, "audio/mpeg");
});

test("a file that ends early has the warning truncated, and one with gaps has the warning junk", async () => {
  const whole = mpeg2(50);
  const cut = await prepare(whole.slice(0, whole.length - 100));
  assert.include(cut.warnings, "truncated");
  const split = await prepare(concat(whole, filled(99, 7), whole));
  assert.include(split.warnings, "junk");
});

test("a layer that neither the API nor the browser takes is rejected", async () => {
  for (const file of [layerOne(6), layerTwo(6), freeFormat(6)]) {
    const error = await rejection(prepare(file));
    assert.strictEqual(error.name, "InvalidAudioError");
    assert.strictEqual(error.reason, "unsupported_codec");
  }
});

for (const [title, file, reason] of [
  ["an encoder's note about no frames", infoFrame(0, 576, 0), "empty"],
  ["an encoder's note about frames that are missing", infoFrame(9, 576, 0), "truncated"],
  ["a tag alone", tagWithHeaders(300), "truncated"],
  ["three frames of silence", mpeg2(3), "silent"],
  ["text", text("no audio, whatever its name says"), "undecodable"],
]) {
  test(`${title} is rejected as ${reason}`, async () => {
    const error = await rejection(prepare(file));
    assert.strictEqual(error.name, "InvalidAudioError");
    assert.strictEqual(error.reason, reason);
  });
}

test("a long file does not block the page", async () => {
  // 50 minutes.
  const file = new Blob(Array(125).fill(stereo320(1000)));
  const preparing = prepare(file);
  let isDone = false;
  let turns = 0;
  const done = () => {
    isDone = true;
  };
  preparing.then(done, done);
  for (; !isDone; turns++) await new Promise((resolve) => setTimeout(resolve));
  const take = await preparing;
  assert.strictEqual(take.durationSeconds, 125 * 24);
  // Decoded, it would be a gigabyte.
  assert.isUndefined(take.peakDbfs);
  assert.isAtLeast(turns, 10);
});

for (const [title, before, after] of [
  ["as it is", [], []],
  ["without its ID3 tags", tagWithHeaders(500), id3v1],
  ["without the junk around it", filled(70_000), text("junk")],
  ["without its APE tag", [], ape(300, true)],
]) {
  test(`a file is sent ${title}`, async () => {
    const { client, server } = newPage();
    const tone = await toneMp3();
    await client.transcribe(concat(before, tone, after));
    assert.deepEqual(fieldsOf(server.requests[0]), [`file: audio.mp3 audio/mpeg ${tone.length}`]);
  });
}

test("a file is listened to", async () => {
  const { durationSeconds, speechSeconds, peakDbfs, rmsDbfs } = await prepare(await toneMp3());
  assert.isAbove(speechSeconds, 0.5 * durationSeconds);
  assert.isBelow(rmsDbfs, peakDbfs - 2.5);
  assert.isBelow(peakDbfs, 0);
  assert.isAbove(rmsDbfs, -40);
  const silence = await prepare(silentMp3(100));
  assert.strictEqual(silence.speechSeconds, 0);
  assert.deepEqual(silence.warnings, ["mostly_silence", "very_short"]);
});

test("silence is rejected before it is sent", async () => {
  const { client, server } = newPage();
  const file = silentMp3(90);
  for (const audio of [file, await client.prepare(file)]) {
    const error = await rejection(client.transcribe(audio));
    assert.strictEqual(error.name, "InvalidAudioError");
    assert.strictEqual(error.reason, "silent");
    assert.strictEqual(error.origin, "client");
  }
  assert.strictEqual(server.requests.length, 0);
});

test("a file that the browser cannot decode is sent all the same", async () => {
  watchDecoding("fails");
  const { client, server } = newPage();
  await client.transcribe(silentMp3(80));
  const take = await client.prepare(silentMp3(80));
  assert.strictEqual(take.durationSeconds, (80 * FRAME_SAMPLES) / 44_100);
  assert.isUndefined(take.rmsDbfs);
  assert.isUndefined(take.warnings);
  await client.transcribe(take);
  assert.strictEqual(server.requests.length, 2);
});

test("a decoder that hangs is given up", async () => {
  const { client } = newPage();
  await client.ready();
  const clock = virtualClock().install();
  // After the clock, which else would wait for the decoder, too.
  watchDecoding("hangs");
  const take = await clock.until(client.prepare(silentMp3(70)));
  clock.uninstall();
  assert.isUndefined(take.rmsDbfs);
});

test("a take is decoded once", async () => {
  const watch = watchDecoding();
  const { client, server } = newPage();
  const take = await client.prepare(concat(await toneMp3(), mpeg2(1)));
  await client.transcribe(take);
  await client.transcribe(take);
  assert.strictEqual(watch.count, 1);
  assert.strictEqual(server.requests.length, 2);
});

// ../e2e/mp3.test.mjs tests the encoding end to end.
test("without the encoder, nothing is prepared as MP3, and stop() rejects", async () => {
  const { ThetaOne } = await import("/pkg-without/mp3-encoder.js/index.js");
  const tracks = watchTracks();
  const client = new ThetaOne({ baseUrl: "/api" });
  const options = { format: "mp3", bitrateKbps: 32 };
  const recorder = await client.record({ ...options, capture: "pcm" });
  const works = [client.prepare(talkWav([0, 0.1, 0.5, 0.1]), options), recorder.stop()];
  for (const error of await Promise.all(works.map(rejection))) {
    assert.strictEqual(error.name, "WasmLoadError");
    assert.match(error.message, /mp3[-a-z]*\.js/);
    assert.instanceOf(error.cause, Error);
  }
  assert.deepEqual(statesOf(tracks), ["ended"]);
});
