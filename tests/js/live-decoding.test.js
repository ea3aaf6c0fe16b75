// Decoding a recording while it arrives. Recordings that cannot be decoded so become takes anyway.

import { ThetaOne } from "../../pkg/index.js";
import { codedSound, lostMs, playCodedSound, samplesOfWav } from "../files/coded-sound.js";
import { assert, test, waitFor } from "./support/test.js";

/** Returns a list that grows by the size of every file that is decoded at once. */
function watchDecoding() {
  const sizes = [];
  const { decodeAudioData } = OfflineAudioContext.prototype;
  OfflineAudioContext.prototype.decodeAudioData = function (bytes) {
    sizes.push(bytes.byteLength);
    return decodeAudioData.call(this, bytes);
  };
  return sizes;
}

/** Records a second; returns what the take lacks, and the sizes of files that were decoded. */
async function recordSecond(Client = ThetaOne) {
  const sound = codedSound(20);
  const client = new Client({ baseUrl: "/api" });
  await client.ready();
  const decoded = watchDecoding();
  const { stream, positionSeconds } = await playCodedSound(sound);
  const recorder = await client.record({ stream, trimSilence: false });
  const from = positionSeconds();
  await waitFor(() => positionSeconds() >= from + 1);
  const to = positionSeconds();
  const take = await recorder.stop();
  assert.notInclude(take.warnings, "truncated");
  const lost = lostMs(samplesOfWav(await take.blob.arrayBuffer()), sound, from, to);
  return { lost, decoded };
}

/**
 * Asserts that a take has everything, which was decoded after its end; see `docs/recording.md` for
 * the end on a busy machine.
 */
function assertWhole({ head, middle, tail }) {
  assert.deepEqual({ head, middle }, { head: 0, middle: 0 });
  assert.isAtMost(tail, 10);
}

test("a recording is decoded while it arrives", async () => {
  const { lost, decoded } = await recordSecond();
  assert.deepEqual(lost, { head: 0, tail: 0, middle: 0 });
  assert.deepEqual(decoded, []);
});

/** The reasons for which a recording cannot be decoded while it arrives. */
const OBSTACLES = {
  "the browser has no decoder": () => {
    delete globalThis.AudioDecoder;
  },
  "the decoder rejects the codec": () => {
    AudioDecoder.prototype.configure = () => {
      throw new DOMException("no Opus", "NotSupportedError");
    };
  },
  "the decoder fails in the middle": () => {
    const { decode } = AudioDecoder.prototype;
    let count = 0;
    AudioDecoder.prototype.decode = function (packet) {
      if (++count > 3) throw new DOMException("broken", "EncodingError");
      decode.call(this, packet);
    };
  },
  "the last packets cannot be flushed": () => {
    AudioDecoder.prototype.flush = () => Promise.reject(new DOMException("", "EncodingError"));
  },
  "the chunks cannot be read": () => {
    const { arrayBuffer } = Blob.prototype;
    let count = 0;
    Blob.prototype.arrayBuffer = function () {
      return ++count > 2 ? arrayBuffer.call(this) : Promise.reject(new Error("not now"));
    };
  },
};

for (const [obstacle, apply] of Object.entries(OBSTACLES)) {
  test(`a recording is decoded after its end if ${obstacle}`, async () => {
    apply();
    const { lost, decoded } = await recordSecond();
    assertWhole(lost);
    assert.strictEqual(decoded.length, 1);
  });
}

test("a recording is decoded after its end without the script for it", async () => {
  const { ThetaOne: Client } = await import("/pkg-without/live-decoder.js/index.js");
  const { lost, decoded } = await recordSecond(Client);
  assertWhole(lost);
  assert.strictEqual(decoded.length, 1);
});
