// Every state that the elements show, by its name. Each is a function that builds it in `host`
// and resolves when it is there.

import { ThetaOneError } from "/package/index.js";
import { microphoneError } from "./errors.js";
import { never, scriptedClient, scriptedRecorder } from "./clients.js";
import { hostile, nativeResult, result } from "./results.js";
import { speech } from "./sounds.js";
import { waitFor } from "/support/wait-for.js";

const take = speech(2.8);
const nativeTake = speech(1.7);
const find = (element, selector) => element.shadowRoot.querySelector(selector);

const create = (tag, host, properties) => {
  const element = Object.assign(document.createElement(tag), properties);
  host.append(element);
  return element;
};
const score = (properties, ready) => async (host) => {
  const element = create("theta-score", host, properties);
  await ready?.(element);
  await waitFor(() => find(element, ".content"));
};
const waveform = (properties, selector) => async (host) => {
  const element = create("theta-waveform", host, properties());
  await waitFor(() => find(element, selector));
};
const recorder =
  (state, client, properties = {}, steps = async () => {}) =>
  async (host) => {
    const element = create("theta-recorder", host, { client, ...properties });
    if (state !== "idle") element.start();
    await steps(element);
    await waitFor(() => element.state === state && find(element, ".record"));
  };
const opened = async (element) => {
  await waitFor(() => find(element, "[id^=more-]"));
  find(element, "[id^=more-]").click();
  await waitFor(() => find(element, ".details"));
};
const failing = (error) => scriptedClient({ opening: () => Promise.reject(error) });
const stopped = async (element) => {
  await waitFor(() => element.state === "recording");
  element.stop();
};
const advanced = async (element) => {
  await waitFor(() => element.state === "recording");
  element.client.recorders.at(-1).advance(23.4, -24);
  await waitFor(() => find(element, ".countdown").textContent.includes("7"));
};
const wasmError = () =>
  ThetaOneError.from({
    name: "WasmLoadError",
    code: "WASM_LOAD_FAILED",
    message: "the network is gone",
  });

export const STATES = {
  "score without a result": score({}),
  "score without a take": score({ result }),
  "score with a take": score({ result, take }),
  "score with a reference": score({ result, take, nativeResult, nativeTake }),
  "score with a word opened": score({ result, take }, opened),
  "score with a word marked": score({ result, take, currentTime: 2 }),
  "score with nothing to show": score({ result: {} }),
  "score of hostile text": score({ result: hostile.markup, take }),
  "score of huge text": score({ result: hostile.huge, take }),
  "waveform without a take": waveform(() => ({}), ".muted"),
  "waveform with a take": waveform(() => ({ take }), ".track"),
  "waveform with words": waveform(() => ({ take, result, currentTime: 2 }), ".label[data-current]"),
  "waveform with a reference": waveform(
    () => ({ take, result, nativeTake, nativeResult }),
    ".native + .own",
  ),
  "waveform while recording": waveform(
    () => ({
      recorder: Object.assign(scriptedRecorder(), { level: { peakDbfs: -12, elapsedSeconds: 1 } }),
    }),
    ".live",
  ),
  "waveform of an unreadable take": waveform(() => ({ take: new Blob(["no sound"]) }), ".error"),
  "recorder at first": recorder("idle", scriptedClient(), {
    goldText: "Wow, check out this castle.",
  }),
  "recorder that opens": recorder("opening", scriptedClient({ opening: never })),
  "recorder that records": recorder(
    "recording",
    scriptedClient(),
    { maxSeconds: 30, goldText: "Wow, check out this castle." },
    advanced,
  ),
  "recorder that prepares": recorder("preparing", scriptedClient({ taking: never }), {}, stopped),
  "recorder with a take": recorder(
    "done",
    scriptedClient({ taking: async () => ({ durationSeconds: 2.8 }) }),
    {},
    stopped,
  ),
  "recorder that was refused": recorder(
    "failed",
    failing(microphoneError("denied")),
    {},
    (element) => waitFor(() => find(element, ".help")),
  ),
  "recorder without a microphone": recorder("failed", failing(microphoneError("not_found"))),
  "recorder whose core does not load": recorder(
    "failed",
    scriptedClient({ taking: () => Promise.reject(wasmError()) }),
    {},
    stopped,
  ),
  "recorder without a client": recorder("failed", undefined),
};
