// What the wasm tests need of JavaScript: a scripted fetch, and looks at what
// came of it.

import { watchForms } from "../files/strict.js";
import { talkWav, wavFile } from "../support/wav.js";

export { floatWav, toneWav } from "../support/wav.js";

// Kept from before a test stops the clock.
const { clearTimeout, setTimeout } = globalThis;

const formsRead = watchForms();

/** Resolves to the objections of strict readers to the uploads so far; empty if all is right. */
export const wrongUploads = async () => (await formsRead()).join("; ");

/**
 * A fetch that gives these answers in turn, the last one again and again; and what the client said
 * meanwhile.
 */
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
      const look = () => {
        if (told.filter((other) => other === type).length < times) return;
        waiting.delete(look);
        resolve();
      };
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
    // A timer of no time that was set with the retry has gone off by the second turn.
    if (answer === "after a retry")
      return happened("retry", 1)
        .then(turn)
        .then(turn)
        .then(() => new Response("{}"));
    if (answer === "reject with text") return Promise.reject("no Error at all");
    if (answer === "throw") throw new TypeError("thrown, not rejected");
    if (answer === "no network") throw new TypeError("Failed to fetch");
    if (answer === "not a response") return Promise.resolve({ status: 200 });
    if (answer === "endless body") {
      const pull = () => {
        onEvent({ type: "body is read" });
        return new Promise(() => {});
      };
      // Nothing is asked for before somebody reads.
      return Promise.resolve(
        new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { status: 200 }),
      );
    }
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

/** A 16 kHz WAV with this much silence, sound and silence, in seconds. */
export const spoken = (before, sound, after) => talkWav([0, before, sound, after]);

/**
 * A 16 kHz WAV of 64-bit floats of so many channels: a frame of silence, and one of half amplitude.
 */
export const wideWav = (channels) =>
  wavFile(new Float64Array(2 * channels).fill(0.5, channels), { channels });

/** Runs `text` as an expression; how tests write odd arguments. */
export function js(text) {
  // biome-ignore lint/security/noGlobalEval: the text comes from the tests
  const evaluate = eval;
  return evaluate(`(${text})`);
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

/** Says that the device is offline, or online again. */
export function setOnline(online) {
  Object.defineProperty(navigator, "onLine", { configurable: true, get: () => online });
  if (online) dispatchEvent(new Event("online"));
}

/** Longer than an upload may stall in these tests. */
const WORK_MS = 300;

/**
 * Puts an XMLHttpRequest in the place of those of frames, in which uploads are watched, whose
 * upload moves by `steps`: shares of the body, "stall", a function, which is called and the upload
 * moves no more, or "work", for which the stopped `clock` moves on by `WORK_MS`; with "silent" at
 * the end, nothing says that all is up. It answers with a 200 then.
 */
export function scriptUploads(steps, body, clock) {
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
        await turn();
        if (step === "stall") return;
        if (typeof step === "function") {
          step();
          return;
        }
        if (step === "work") {
          clock.advance(WORK_MS);
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

/**
 * Stops the clocks and timers of the page: from now on, time moves by `advance` only, until
 * `restore` is called.
 */
export function stopClock() {
  const realNow = performance.now;
  const realDateNow = Date.now;
  const epochMs = realDateNow() - performance.now();
  let now = Math.ceil(performance.now());
  let lastId = 1e9;
  const timers = new Map();
  performance.now = () => now;
  Date.now = () => now + epochMs;
  globalThis.setTimeout = (work, ms, ...args) => {
    timers.set(++lastId, { due: now + (Number(ms) || 0), work: () => work(...args) });
    return lastId;
  };
  globalThis.clearTimeout = (id) => timers.delete(id) || clearTimeout(id);

  function runDue(end) {
    for (;;) {
      const [id, next] = [...timers].reduce(
        (one, other) => (other[1].due < one[1].due ? other : one),
        [0, { due: Infinity }],
      );
      if (next.due > end) return;
      timers.delete(id);
      now = Math.max(now, next.due);
      next.work();
    }
  }
  return {
    /** Lets this many milliseconds pass, timer by timer. */
    advance(ms) {
      const end = now + ms;
      runDue(end);
      now = Math.max(now, end);
    },
    /** Lets this many milliseconds pass in which no timer runs, as in a computer that sleeps. */
    sleep(ms) {
      now += ms;
      runDue(now);
    },
    restore() {
      Object.assign(globalThis, { clearTimeout, setTimeout });
      performance.now = realNow;
      Date.now = realDateNow;
    },
  };
}

/**
 * Counts the messages that reach the broadcast channels of the page which are opened from now on,
 * by `isOne(data)`.
 */
export function watchChannels(isOne) {
  const watch = { delivered: 0 };
  const { BroadcastChannel } = globalThis;
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name) {
      super(name);
      this.addEventListener("message", ({ data }) => {
        if (isOne(data)) watch.delivered++;
      });
    }
  };
  watch.restore = () => {
    globalThis.BroadcastChannel = BroadcastChannel;
  };
  return watch;
}

/** Comes back when the page had its turn. */
export const turn = () => new Promise((resolve) => setTimeout(resolve));
