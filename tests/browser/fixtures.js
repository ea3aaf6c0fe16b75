// What the wasm tests need of JavaScript: a scripted fetch, and looks at what
// came of it.

import { watchForms } from "../files/strict.js";

const formsRead = watchForms();

/** Resolves to the objections of strict readers to the uploads so far; empty if all is right. */
export const wrongUploads = async () => (await formsRead()).join("; ");

/** A fetch that gives these answers in turn, the last one again and again; and what the client said meanwhile. */
export function scripted(...answers) {
  const calls = [];
  const told = [];
  const held = [];
  const waiting = new Set();
  const onEvent = ({ type }) => {
    told.push(type);
    for (const look of waiting) look();
  };
  /** Resolves when the client has told an event `type` so many times. */
  const happened = (type, times) =>
    new Promise((resolve) => {
      const look = () =>
        told.filter((other) => other === type).length >= times && (waiting.delete(look), resolve());
      waiting.add(look);
      look();
    });
  const fetch = (url, init) => {
    calls.push({ url, init, at: performance.now() });
    const answer = answers[Math.min(calls.length, answers.length) - 1];
    if (answer === "hang") {
      return new Promise((_, reject) => {
        init.signal.addEventListener("abort", () => reject(init.signal.reason));
      });
    }
    if (answer === "held") {
      return new Promise((resolve) =>
        held.push(() => resolve(new Response('{"text":"hi"}', { status: 200 }))),
      );
    }
    const late = () => new Response(answer.body, { status: answer.status ?? 200 });
    if (typeof answer?.afterQueued === "number")
      return happened("queued", answer.afterQueued).then(late);
    if (typeof answer?.afterMs === "number")
      return new Promise((resolve) => setTimeout(resolve, answer.afterMs)).then(late);
    if (answer === "reject with text") return Promise.reject("no Error at all");
    if (answer === "throw") throw new TypeError("thrown, not rejected");
    if (answer === "no network") throw new TypeError("Failed to fetch");
    if (answer === "not a response") return Promise.resolve({ status: 200 });
    if (answer === "endless body")
      return Promise.resolve(new Response(new ReadableStream({}), { status: 200 }));
    if (answer === "broken body") {
      const body = new ReadableStream({ start: (controller) => controller.error("a text") });
      return Promise.resolve(new Response(body, { status: 200 }));
    }
    return Promise.resolve(
      new Response(answer.body ?? "", { status: answer.status, headers: answer.headers ?? {} }),
    );
  };
  return { fetch, calls, told, held, onEvent, happened };
}

/** `{ status, body, headers }` of an answer, from JSON text. */
export function answer(status, body, headers) {
  return { status, body, headers: headers ? JSON.parse(headers) : {} };
}

/** The names of an error's classes, most derived first. */
export function lineage(error) {
  const names = [];
  for (let at = Object.getPrototypeOf(error); at; at = Object.getPrototypeOf(at))
    names.push(at.constructor.name);
  return names.join(" < ");
}

/** The parts of the form of a recorded call, in order. */
export async function formOf(call) {
  const parts = [];
  for (const [name, value] of call.init.body) {
    if (typeof value === "string") parts.push(`${name}=${value}`);
    else parts.push(`${name}: ${value.name} ${value.type} ${value.size}`);
  }
  return parts.join("\n");
}

export function headersOf(call) {
  return JSON.stringify(Object.fromEntries(call.init.headers));
}

/** A small 16 kHz mono 16-bit WAV with this many samples. */
export function wav(samples) {
  const bytes = new DataView(new ArrayBuffer(44 + samples * 2));
  const text = (at, value) => [...value].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + samples * 2, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, 16000, true);
  bytes.setUint32(28, 32000, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, samples * 2, true);
  for (let n = 0; n < samples; n++) bytes.setInt16(44 + n * 2, 8000 * Math.sin(n / 5), true);
  return new Uint8Array(bytes.buffer);
}

/** A 16 kHz WAV with this much silence, sound and silence, in seconds. */
export function spoken(before, sound, after) {
  const rate = 16000;
  const [first, last] = [before * rate, (before + sound) * rate];
  const bytes = wav(last + after * rate);
  const samples = new Int16Array(bytes.buffer, 44);
  for (let n = 0; n < samples.length; n++) if (n < first || n >= last) samples[n] = 0;
  return bytes;
}

/** The same sound as 32-bit float at 48 kHz stereo, which has to be decoded. */
export function floatWav(seconds) {
  const frames = 48000 * seconds;
  const bytes = new DataView(new ArrayBuffer(44 + frames * 8));
  new Uint8Array(bytes.buffer).set(wav(0));
  bytes.setUint32(4, 36 + frames * 8, true);
  bytes.setUint16(20, 3, true);
  bytes.setUint16(22, 2, true);
  bytes.setUint32(24, 48000, true);
  bytes.setUint32(28, 384000, true);
  bytes.setUint16(32, 8, true);
  bytes.setUint16(34, 32, true);
  bytes.setUint32(40, frames * 8, true);
  for (let n = 0; n < frames * 2; n++) bytes.setFloat32(44 + n * 4, 0.5 * Math.sin(n / 40), true);
  return new Blob([bytes.buffer], { type: "text/plain" });
}

/** A 16 kHz WAV of 64-bit floats of so many channels: a frame of silence, and one of half amplitude. */
export function wideWav(channels) {
  const frameBytes = channels * 8;
  const file = new Uint8Array(44 + 2 * frameBytes);
  file.set(wav(0));
  const header = new DataView(file.buffer);
  header.setUint32(4, 36 + 2 * frameBytes, true);
  header.setUint16(20, 3, true);
  header.setUint16(22, channels, true);
  // Hostile or not, it no longer fits.
  header.setUint16(32, frameBytes & 0xffff, true);
  header.setUint16(34, 64, true);
  header.setUint32(40, 2 * frameBytes, true);
  for (let n = 0; n < channels; n++) header.setFloat64(44 + frameBytes + 8 * n, 0.5, true);
  return file;
}

/** Runs `text` as an expression; how tests write odd arguments. */
export function js(text) {
  return (0, eval)(`(${text})`);
}

/** A signal that counts who listens to it. */
export function countedSignal() {
  const controller = new AbortController();
  const counted = { controller, signal: controller.signal, listeners: 0 };
  const { addEventListener, removeEventListener } = controller.signal;
  controller.signal.addEventListener = (...args) => {
    counted.listeners++;
    return addEventListener.apply(controller.signal, args);
  };
  controller.signal.removeEventListener = (...args) => {
    counted.listeners--;
    return removeEventListener.apply(controller.signal, args);
  };
  return counted;
}

/** The tracks of every microphone opened from now on. */
export function rememberTracks() {
  const tracks = [];
  const { mediaDevices } = navigator;
  const getUserMedia = MediaDevices.prototype.getUserMedia;
  mediaDevices.getUserMedia = (constraints) => {
    mediaDevices.lastStream = getUserMedia.call(mediaDevices, constraints).then((stream) => {
      tracks.push(...stream.getTracks());
      return stream;
    });
    return mediaDevices.lastStream;
  };
  return tracks;
}

/** A signal that is aborted while the user is being asked for the microphone. */
export function abortedWhenAsked() {
  const { mediaDevices } = navigator;
  const { getUserMedia } = mediaDevices;
  const asked = new AbortController();
  mediaDevices.getUserMedia = (constraints) => {
    asked.abort("no more");
    return getUserMedia(constraints);
  };
  return asked.signal;
}

/** A microphone before which somebody speaks for half a second, and no more; its tracks. */
export function speakOnce() {
  const tracks = [];
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    await context.resume();
    const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const sound = (frequency, gain) => {
      const source = new OscillatorNode(context, { frequency, type: "sawtooth" });
      source.connect(new GainNode(context, { gain })).connect(microphone);
      return source;
    };
    // No room is without a hum, which is what speech stands out from.
    sound(100, 0.002).start();
    const voice = sound(300, 0.3);
    voice.start(context.currentTime + 0.3);
    voice.stop(context.currentTime + 0.8);
    tracks.push(...microphone.stream.getTracks());
    return microphone.stream;
  };
  return tracks;
}

/** Every AudioContext that is started from now on. */
export function rememberContexts() {
  const contexts = [];
  const { resume } = AudioContext.prototype;
  AudioContext.prototype.resume = function () {
    contexts.push(this);
    return resume.call(this);
  };
  return contexts;
}

/** The states of these contexts when all are closed, which takes all browsers but Chromium a moment; or after a minute. */
export async function statesWhenClosed(contexts) {
  const states = () => contexts.map(({ state }) => state);
  for (let n = 0; n < 6_000 && states().some((state) => state !== "closed"); n++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return states();
}

/** Says that the device is offline, or online again. */
export function setOnline(online) {
  Object.defineProperty(navigator, "onLine", { configurable: true, get: () => online });
  if (online) dispatchEvent(new Event("online"));
}

/**
 * Puts an XMLHttpRequest in the place of those of frames, in which uploads are watched, whose upload moves by `steps`: shares
 * of the body, "stall", a function, which is called and the upload moves no more, or "work", which takes 300 ms; with
 * "silent" at the end, nothing says that all is up. It answers with a 200 then.
 */
export function scriptUploads(steps, body) {
  const prototype = HTMLIFrameElement.prototype;
  const real = Object.getOwnPropertyDescriptor(prototype, "contentWindow");
  const log = {
    aborted: 0,
    headers: {},
    restore: () => Object.defineProperty(prototype, "contentWindow", real),
  };
  class XMLHttpRequest {
    upload = {};
    readyState = 0;
    status = 0;
    open(method, url) {
      Object.assign(log, { method, url: new URL(url).pathname });
    }
    setRequestHeader(name, value) {
      log.headers[name] = value;
    }
    getResponseHeader() {
      return null;
    }
    abort() {
      log.aborted++;
    }
    async send(form) {
      log.form = form;
      for (const step of steps) {
        await new Promise((resolve) => setTimeout(resolve));
        if (step === "stall") return;
        if (typeof step === "function") {
          step();
          return;
        }
        if (step === "work") {
          await new Promise((resolve) => setTimeout(resolve, 300));
          continue;
        }
        if (step !== "silent") this.upload.onprogress?.({ loaded: step * 1000, total: 1000 });
      }
      if (steps.at(-1) !== "silent") this.upload.onload?.({});
      Object.assign(this, { readyState: 2, status: 200 });
      this.onreadystatechange?.({});
      this.response = new Blob([body]);
      this.onload?.({});
    }
  }
  Object.defineProperty(prototype, "contentWindow", { ...real, get: () => ({ XMLHttpRequest }) });
  return log;
}

/** A 16-bit WAV of phrases and pauses by turns, in seconds, the first a phrase. */
export function talk(turns, rate, channels) {
  const frames = turns.reduce((sum, seconds) => sum + seconds * rate, 0);
  const bytes = wav((frames * channels) | 0);
  const header = new DataView(bytes.buffer);
  header.setUint16(22, channels, true);
  header.setUint32(24, rate, true);
  header.setUint32(28, rate * channels * 2, true);
  header.setUint16(32, channels * 2, true);
  const samples = new Int16Array(bytes.buffer, 44);
  let at = 0;
  turns.forEach((seconds, turn) => {
    const end = at + seconds * rate * channels;
    if (turn % 2 === 1) samples.fill(0, at, end);
    at = end;
  });
  return bytes;
}

/** An MP3 of this many frames of 26 ms, all silence. */
export function silentMp3(frames) {
  const bytes = new Uint8Array(417 * frames);
  for (let n = 0; n < frames; n++) bytes.set([0xff, 0xfb, 0x90, 0xc4], 417 * n);
  return bytes;
}

/**
 * Counts how often files of this many bytes are decoded from now on, and lets it fail or hang where `how` says "fail" or
 * "hang".
 */
export function watchDecoding(bytes, how) {
  const watch = { count: 0 };
  const { decodeAudioData } = BaseAudioContext.prototype;
  BaseAudioContext.prototype.decodeAudioData = function (file) {
    if (file.byteLength !== bytes) return decodeAudioData.call(this, file);
    watch.count++;
    if (how === "fail") return Promise.reject(new DOMException("on purpose", "EncodingError"));
    return how === "hang" ? new Promise(() => {}) : decodeAudioData.call(this, file);
  };
  return watch;
}

/** Lets timers run twenty times as fast, until the function it gives is called. */
export function hurried() {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (callback, ms, ...rest) => setTimeout(callback, ms / 20, ...rest);
  return () => (globalThis.setTimeout = setTimeout);
}

/** This many copies of `bytes` as one file. */
export function repeated(bytes, count) {
  return new Blob(Array(count).fill(bytes));
}

/** How many turns the page had until `promise` settled. */
export async function turnsDuring(promise) {
  let isOver = false;
  promise.catch(() => {}).finally(() => (isOver = true));
  let turns = 0;
  for (; !isOver; turns++) await new Promise((resolve) => setTimeout(resolve));
  return turns;
}

/**
 * A fetch that hears how many seconds of WAV it got, rounded, and says so: "3". For those that `script` names it gives these
 * statuses in turn, then 200; "hang" never answers, "late" answers after 100 ms.
 */
export function measuring(script) {
  const server = { heard: [], underWay: 0, most: 0 };
  const answered = async (init) => {
    const wrong = await wrongUploads();
    if (wrong) throw new Error(wrong);
    const file = init.body.get("file");
    const wav = new DataView(await file.arrayBuffer());
    const [channels, rate, align, data] = [
      wav.getUint16(22, true),
      wav.getUint32(24, true),
      wav.getUint16(32, true),
      wav.getUint32(40, true),
    ];
    if (file.size !== 44 + data || file.type !== "audio/wav")
      return new Response("", { status: 418 });
    const text = String(Math.round(data / align / rate));
    server.heard.push(`${text}@${rate}x${channels}`);
    const step = script[text]?.shift() ?? 200;
    if (step === "hang") {
      await new Promise((_, reject) =>
        init.signal.addEventListener("abort", () => reject(init.signal.reason)),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, step === "late" ? 100 : 5));
    if (typeof step === "number" && step !== 200) return new Response("", { status: step });
    const body = {
      text,
      text_type: text === "3" ? "ko" : "en",
      metadata: {},
      response_time_in_sec: 0.1,
      later: [null],
    };
    return new Response(JSON.stringify(body), { status: 200 });
  };
  server.fetch = async (_, init) => {
    server.most = Math.max(server.most, ++server.underWay);
    try {
      return await answered(init);
    } finally {
      server.underWay--;
    }
  };
  return server;
}

/** Runs `steps` where no window is there to decode audio. */
export async function withoutDecoder(steps) {
  const { OfflineAudioContext } = globalThis;
  delete globalThis.OfflineAudioContext;
  try {
    return await steps();
  } finally {
    globalThis.OfflineAudioContext = OfflineAudioContext;
  }
}

/** Comes back when the page had its turn. */
export const turn = () => new Promise((resolve) => setTimeout(resolve));
