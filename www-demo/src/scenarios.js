// The menu of failures: of the emulator, and of this device.

import { ThetaOneError } from "thetaone-web";
import { createClient } from "./client.js";
import { byId, create, on } from "./dom.js";
import { onLanguage, text } from "./language.js";

/** Returns the recording of a voice that says the first sentence. */
export const fetchSample = async () => (await fetch("/castle.wav")).blob();

const refuse = (reason) => async (record) => {
  const { fakeMicrophone } = await import("thetaone-web/testing");
  const microphone = fakeMicrophone({ refuse: reason }).install();
  await record();
  microphone.uninstall();
};

async function sendSilence(client) {
  const header = (await fetchSample()).slice(0, 44);
  return client.transcribe(new Blob([header, new Uint8Array(32_000)]));
}

async function fillStorage({ outbox }) {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = () => {
    throw new DOMException("Thrown by the demo", "QuotaExceededError");
  };
  return outbox.list().finally(() => Object.assign(IDBFactory.prototype, { open }));
}

/** Only a page that loads can meet this error, so this is a copy of it. */
async function failToLoad() {
  const userMessages = { en: text("notLoaded"), ko: text("notLoaded") };
  const fields = { name: "WasmLoadError", code: "WASM_LOAD_FAILED", userMessages };
  throw ThetaOneError.from({ ...fields, message: "Made up by the demo: nothing failed." });
}

const ON_DEVICE = [
  { title: "Microphone refused", record: refuse("denied") },
  { title: "No microphone", record: refuse("not_found") },
  { title: "Microphone in use", record: refuse("busy") },
  { title: "Silence", call: sendSilence },
  { title: "A file without sound", call: (client) => client.transcribe(new Blob(["text"])) },
  { title: "Storage full", call: fillStorage },
  { title: "App not loaded", call: failToLoad },
  { title: "Mistake in the app", call: ({ outbox }) => outbox.resume("unknown") },
];

/** Fills the menu. A choice calls `play(scenario, client)`. */
export async function setUpScenarios(play) {
  on("open-scenarios", "click", () => byId("scenarios").showModal());
  const choice = (scenario) => {
    const onclick = () => play(scenario, createClient(scenario.id), byId("scenarios").close());
    return create("button", { type: "button", lang: "en", onclick }, scenario.title);
  };
  const { mode, scenarios } = await fetch("/api/demo").then(
    (response) => response.json(),
    () => ({ mode: "noServer", scenarios: [] }),
  );
  onLanguage(() => {
    byId("source").textContent = text(mode);
    const groups = Map.groupBy(scenarios, ({ group }) => group).set(text("onDevice"), ON_DEVICE);
    const row = (members) => create("div", { className: "row" }, ...members.map(choice));
    const nodes = [...groups].flatMap(([group, members]) => [
      create("h3", {}, group),
      row(members),
    ]);
    byId("scenario-groups").replaceChildren(...nodes);
  });
}
