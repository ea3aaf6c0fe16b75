// The loop: choose a sentence, speak, see the scores, speak again.

import "thetaone-web/elements";
import { abort, run } from "./call.js";
import { theta } from "./client.js";
import { byId, create, on, show } from "./dom.js";
import { showFailure } from "./failure.js";
import { currentLocale, onLanguage, text } from "./language.js";
import { deleteNative, loadNative, saveNative } from "./native.js";
import { openOutbox, setUpOutbox } from "./outbox.js";
import { showResult } from "./result.js";
import { fetchSample, setUpScenarios } from "./scenarios.js";
import { LEVELS, SAMPLE_SENTENCE } from "./sentences.js";
import { recall, remember } from "./settings.js";
import { addTry, showTries } from "./tries.js";

const recorder = byId("recorder");
let mode = recall("mode", "read");
let take;
/** The native voice of the sentence: `{ audio, analysis }`. */
let native;
/** Shows the current view again, in another language. */
let redraw = () => {};

const isOwn = () => byId("sentence").value === "own";
const sentence = () => (isOwn() ? byId("own").value.trim() : byId("sentence").value);
const triesKey = () => `tries ${mode} ${sentence()}`;
const record = () => recorder.start();

function display(view) {
  redraw = view;
  redraw();
  showTries(triesKey());
}

const fail = (error, retry) => display(() => showFailure(error, { record, retry, openOutbox }));

/** Runs `call(client, request)`. Shows its result, which it returns, or its failure. */
async function send(call, { client = theta, key, ...shown } = {}) {
  const { result, error } = await run((request) => call(client, request));
  if (error) fail(error, () => send(call, { key, ...shown }));
  if (result && key) addTry(key, result);
  if (result) display(() => showResult({ result, ...shown }));
  void refreshOutbox();
  return result;
}

/** Sends a recording. Reads the choices now, so that another try sends the same. */
function score(audio, client) {
  const options = { gold_text: sentence(), language: currentLocale() };
  const suppress_korean = byId("suppress").checked;
  const native_speech_components = native?.analysis.speech_components;
  const compared = { ...options, native_speech_components };
  const calls = {
    read: (api, request) => api.pronunciationSimple(audio, options, request),
    say: (api, request) => api.pronunciation(audio, compared, request),
    transcribe: (api, request) => api.transcribe(audio, { suppress_korean }, request),
  };
  return send(calls[mode], { client, key: triesKey(), take: audio, native });
}

/** Analyzes a native voice and keeps it. `theta.references` calls the API only once for it. */
async function useNative(audio) {
  const gold_text = sentence();
  const call = (api, request) => api.references.get(audio, { gold_text }, request);
  const analysis = await send(call);
  if (!analysis) return undefined;
  native = { audio, analysis };
  display(() => showResult({ native }));
  return saveNative(gold_text, audio);
}

/** Shows the mode and the sentence before anything is spoken. */
async function begin() {
  abort();
  recorder.cancel();
  native = undefined;
  const isFree = mode === "transcribe";
  byId("choice").hidden = isFree;
  byId("suppress-choice").hidden = !isFree;
  byId("own").hidden = isFree || !isOwn();
  recorder.goldText = isFree || isOwn() ? "" : sentence();
  byId("use-sample").hidden = sentence() !== SAMPLE_SENTENCE;
  welcome(`${mode}Hint`);
  if (mode !== "say") return;
  const key = triesKey();
  const audio = await loadNative(sentence());
  if (key !== triesKey()) return;
  if (audio) await useNative(audio);
  else welcome("nativeHint");
}

function welcome(hint) {
  byId("native-choice").hidden = hint !== "nativeHint";
  display(() => {
    byId("hint").textContent = text(hint);
    show("welcome");
  });
}

function choose(newMode) {
  mode = newMode;
  remember("mode", mode);
  document.querySelector(`[value="${mode}"]`).checked = true;
  return begin();
}

/** Plays a scenario of the menu, with the last recording or the sample. */
async function play(scenario, client) {
  recorder.cancel();
  if (scenario.record) return scenario.record(record);
  if (scenario.call) return send(scenario.call, { client });
  if (mode === "say" ? !native : scenario.endpoint) await choose("read");
  return score(take ?? (await fetchSample()), client);
}

onLanguage(() => {
  const value = byId("sentence").value || recall("sentence", SAMPLE_SENTENCE);
  const groups = Object.entries(LEVELS).map(([level, sentences]) =>
    create("optgroup", { label: text(level) }, ...sentences.map((one) => new Option(one))),
  );
  byId("sentence").replaceChildren(...groups, new Option(text("own"), "own"));
  byId("sentence").value = value;
  display(redraw);
});
const refreshOutbox = setUpOutbox(async ({ id }) => {
  const audio = await theta.outbox.get(id);
  await send((api, request) => api.outbox.resume(id, request), { take: audio });
});
byId("own").value = recall("own", "");
recorder.client = theta;
byId("waveform").recorder = recorder;

on("recorder", "state-change", ({ detail: { state } }) => {
  byId("outcome").dataset.state = state;
  if (state !== "opening") return;
  abort();
  display(() => showResult());
});
on("recorder", "take", ({ detail }) => {
  // In "Say it like this", the native voice comes first.
  if (mode === "say" && !native) return useNative(detail.take.blob);
  take = detail.take;
  return score(take);
});
on("recorder", "error", ({ detail }) => fail(detail.error, record));
on("waveform", "timeupdate", ({ detail }) => Object.assign(byId("score"), detail));
on("speak", "input", ({ target: { id, value } }) => {
  remember(id, value);
  return begin();
});
on("next", "click", () => {
  const { options, selectedIndex } = byId("sentence");
  byId("sentence").selectedIndex = (selectedIndex + 1) % (options.length - 1);
  byId("sentence").dispatchEvent(new Event("input", { bubbles: true }));
});
on("modes", "change", ({ target }) => choose(target.value));
on("cancel", "click", abort);
on("use-sample", "click", async () => useNative(await fetchSample()));
on("file", "change", () => useNative(byId("file").files[0]));
on("replace-native", "click", () => deleteNative(sentence()).then(begin));
void choose(mode);
void setUpScenarios(play);
// After the page: the core, and a copy of the page for offline.
addEventListener("load", () => {
  theta.ready().catch(() => {});
  void navigator.serviceWorker?.register(`/service-worker.js?${import.meta.url.split("/").at(-1)}`);
});
