// The suite's browser part: recordings by thetaone-web and by the bare browser. A click on the page
// begins what was prepared.

import { codedSound, lostMs, playCodedSound, samplesOfWav } from "../../files/coded-sound.js";

const TAKE_RATE = 16_000;
/** The interval in which a bare recording is looked at, in milliseconds; the SDK's is the same. */
const CHUNK_MS = 20;

/** @param {"encoded" | "pcm"} capture */
const ours = (capture) => ({
  async prepare() {
    const { ThetaOne } = await import("thetaone-web");
    this.client ??= new ThetaOne({ baseUrl: "/sink" });
  },
  ready() {
    return this.client.ready();
  },
  async start(stream) {
    const options = { capture, trimSilence: false };
    const recorder = await this.client.record(stream ? { ...options, stream } : options);
    return async () => (await recorder.stop()).blob.arrayBuffer();
  },
});

/**
 * A page without an SDK: the shortest code that does the same.
 * @param {(stream: MediaStream) => Promise<() => Promise<AudioBuffer>>} record starts to record;
 *   resolves when the first sound has arrived, to a function that ends the recording
 */
const bare = (record) => ({
  async prepare() {},
  async ready() {},
  async start(given) {
    const stream =
      given ?? (await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } }));
    const stop = await record(stream);
    return async () => {
      const buffer = await stop();
      if (!given) for (const track of stream.getTracks()) track.stop();
      return wavOf(buffer.getChannelData(0));
    };
  },
});

const BARE = {
  async encoded(stream) {
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 128_000 });
    const chunks = [];
    await new Promise((resolve) => {
      recorder.ondataavailable = ({ data }) => {
        chunks.push(data);
        if (data.size > 0) resolve();
      };
      recorder.start(CHUNK_MS);
    });
    return async () => {
      const stopped = new Promise((resolve) => {
        recorder.onstop = resolve;
      });
      recorder.stop();
      await stopped;
      const bytes = await new Blob(chunks).arrayBuffer();
      return new OfflineAudioContext(1, 1, TAKE_RATE).decodeAudioData(bytes);
    };
  },

  async pcm(stream) {
    const context = new AudioContext();
    await context.audioWorklet.addModule(WORKLET);
    const node = new AudioWorkletNode(context, "samples");
    const blocks = [];
    await new Promise((resolve) => {
      node.port.onmessage = ({ data }) => {
        blocks.push(data);
        // Firefox outputs 10 ms of silence first.
        if (data.some((sample) => sample !== 0)) resolve();
      };
      context.createMediaStreamSource(stream).connect(node).connect(context.destination);
    });
    return async () => {
      context.close();
      return resampled(blocks, context.sampleRate);
    };
  },
};

const WORKLET = URL.createObjectURL(
  new Blob(
    [
      `registerProcessor("samples", class extends AudioWorkletProcessor {
        process([[samples]]) {
          if (samples) this.port.postMessage(samples);
          return true;
        }
      });`,
    ],
    { type: "text/javascript" },
  ),
);

/** Resolves to the samples at the rate of a take. */
function resampled(blocks, sampleRate) {
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const takeLength = Math.ceil((length * TAKE_RATE) / sampleRate);
  const context = new OfflineAudioContext(1, takeLength, TAKE_RATE);
  const buffer = new AudioBuffer({ length, sampleRate });
  let position = 0;
  for (const block of blocks) {
    buffer.copyToChannel(block, 0, position);
    position += block.length;
  }
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return context.startRendering();
}

/** Returns a WAV; only its samples are read. */
function wavOf(samples) {
  const bytes = new ArrayBuffer(44 + samples.length * 2);
  const pcm = new Int16Array(bytes, 44);
  for (let n = 0; n < samples.length; n++) pcm[n] = Math.max(-1, Math.min(1, samples[n])) * 0x7fff;
  return bytes;
}

const RECORDERS = {
  bareEncoded: bare(BARE.encoded),
  encoded: ours("encoded"),
  barePcm: bare(BARE.pcm),
  pcm: ours("pcm"),
};

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves to the time of the next click on the page. */
const clicked = () =>
  new Promise((resolve) => {
    document.onclick = ({ timeStamp }) => resolve(timeStamp);
  });

let recording;

globalThis.bench = {
  prepare: (name) => RECORDERS[name].prepare(),

  ready: (name) => RECORDERS[name].ready(),

  /** Records from the next click on; see `recorded()`. */
  recordOnClick(name, ms) {
    recording = (async () => {
      const clickedMs = await clicked();
      const stop = await RECORDERS[name].start();
      const startMs = performance.now() - clickedMs;
      if (!ms) {
        await stop();
        return { startMs };
      }
      await wait(ms);
      const stoppedMs = performance.now();
      const { byteLength } = await stop();
      const stopMs = performance.now() - stoppedMs;
      return { startMs, stopMs, seconds: byteLength / 2 / TAKE_RATE };
    })();
  },

  recorded: () => recording,

  /** Returns the milliseconds of sound that a recording of this length lacks. */
  async lost(name, ms) {
    const recorder = RECORDERS[name];
    const sound = codedSound(30);
    const player = await playCodedSound(sound);
    const stop = await recorder.start(player.stream);
    const from = player.positionSeconds();
    while (player.positionSeconds() < from + ms / 1000) await wait(1);
    const to = player.positionSeconds();
    const samples = samplesOfWav(await stop());
    await player.close();
    return lostMs(samples, sound, from, to);
  },
};
