// The part of the tests in the page: runs the scenarios that Node requests, one after the other.

// Imported first, because react-dom looks for it when it is loaded.
import "./refresh.jsx";
import { hydrateRoot } from "react-dom/client";
import { microphones as microphonesOfPackage } from "thetaone-web";
import { useMicrophones } from "thetaone-web/react";
import { App } from "./app.jsx";
import { call } from "./call.jsx";
import { level } from "./level.jsx";
import { life } from "./life.jsx";
import { microphones } from "./microphones.jsx";
import { recorder } from "./recorder.jsx";
import { cleanUp, mounted, waitFor } from "./tools.jsx";

const named = (hook, scenarios) =>
  Object.fromEntries(Object.entries(scenarios).map(([name, run]) => [`${hook}: ${name}`, run]));

globalThis.scenarios = {
  ...named("useRecorder", recorder),
  ...named("useLevel", level),
  ...named("useCall", call),
  ...named("useMicrophones", microphones),
  ...named("life", life),
};

/** Runs a scenario. Returns its error, or the messages that it expects on the console. */
globalThis.run = async (name) => {
  try {
    return { complaints: (await globalThis.scenarios[name]()) ?? [] };
  } catch (error) {
    return { failed: String(error?.stack ?? error) };
  } finally {
    await cleanUp();
  }
};

globalThis.hydrate = async () => {
  const before = document.querySelector("#page");
  hydrateRoot(document.querySelector("#root"), <App />);
  // The permission is reported after hydration.
  await waitFor(() => !/unknown/.test(document.querySelector("#page").textContent));
  if (document.querySelector("#page") !== before)
    throw new Error("React has replaced what the server rendered");
};

globalThis.showMicrophones = () => {
  const Shown = () => {
    const { permission, devices = [] } = useMicrophones();
    return <p id="microphones">{[permission, ...devices.map(({ label }) => label)].join(" ")}</p>;
  };
  mounted(<Shown />);
};

/** Requests the real microphone. Resolves to the state of its track afterwards. */
globalThis.requestMicrophone = async () => {
  const { mediaDevices } = navigator;
  let stream;
  const { getUserMedia } = mediaDevices;
  mediaDevices.getUserMedia = async (constraints) => {
    stream = await getUserMedia.call(mediaDevices, constraints);
    return stream;
  };
  await microphonesOfPackage.request();
  return stream.getAudioTracks()[0].readyState;
};
