// Helpers of the scenarios: mounting, waiting, and a microphone whose opening can be held up.

import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { ThetaOne } from "thetaone-web";
import { ThetaOneProvider } from "thetaone-web/react";
import { fakeMicrophone, scriptedFetch } from "thetaone-web/testing";
import { waitFor } from "../../support/wait-for.js";

export { waitFor } from "../../support/wait-for.js";

const shown = (value) =>
  value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value));

export function ok(value, message = "expected something truthy") {
  if (!value) throw new Error(message);
}

export function equal(actual, expected, message = "") {
  if (shown(actual) !== shown(expected))
    throw new Error(`${message} ${shown(actual)} is not ${shown(expected)}`);
}

const cleanups = [];

/** Calls `cleanup` at the end of the scenario. */
export const afterwards = (cleanup) => cleanups.unshift(cleanup);

export async function cleanUp() {
  for (const cleanup of cleanups.splice(0)) await cleanup();
}

/** Mounts `element`, in StrictMode unless told otherwise. */
export function mounted(element, { strict = true } = {}) {
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  const render = (element) => root.render(strict ? <StrictMode>{element}</StrictMode> : element);
  const unmount = () => root.unmount();
  afterwards(async () => {
    unmount();
    container.remove();
  });
  render(element);
  return { container, render, unmount };
}

/** Creates a client whose API responds with `steps`. Its `requests` lists the requests. */
export function clientOf(steps = [], options) {
  const fetch = scriptedFetch(steps);
  const theta = new ThetaOne({
    baseUrl: "/api/theta",
    fetch,
    retry: { maxAttempts: 1 },
    ...options,
  });
  afterwards(() => theta.dispose());
  return Object.assign(theta, { requests: fetch.requests });
}

/**
 * Mounts a component that calls `hook`. `current` is the last value that the hook returned,
 * `states` lists each committed `state`. Resolves when the effects of the hook have run: its store
 * is subscribed to, and follows the page, from then on.
 */
export async function probed(hook, client, options) {
  const probe = { client, current: undefined, states: [], renders: 0, isSubscribed: false };
  function Probe() {
    probe.current = hook();
    probe.renders += 1;
    const { state } = probe.current;
    if (probe.states.at(-1) !== state) probe.states.push(state);
    useEffect(() => {
      probe.isSubscribed = true;
    }, []);
    return null;
  }
  Object.assign(
    probe,
    mounted(
      <ThetaOneProvider client={client}>
        <Probe />
      </ThetaOneProvider>,
      options,
    ),
  );
  await waitFor(() => probe.isSubscribed);
  return probe;
}

/** Resolves once the hook of `probe` has this state. */
export const reached = (probe, state) =>
  waitFor(() => probe.current.state === state, `${state}, which is ${probe.current.state}`);

/**
 * Installs a fake microphone. With `isHeldUp`, requests for it stay pending until `answer()` is
 * called.
 */
export function microphoneOf(options, { isHeldUp = false } = {}) {
  const microphone = fakeMicrophone({ tone: { seconds: 1 }, ...options }).install();
  afterwards(() => microphone.uninstall());
  const { mediaDevices } = navigator;
  const streams = [];
  let answer;
  const answered = new Promise((resolve) => {
    answer = resolve;
  });
  if (!isHeldUp) answer();
  if (mediaDevices) {
    const { getUserMedia } = mediaDevices;
    mediaDevices.getUserMedia = async (constraints) => {
      mediaDevices.asked = (mediaDevices.asked ?? 0) + 1;
      await answered;
      const stream = await getUserMedia(constraints);
      streams.push(stream);
      return stream;
    };
  }
  return {
    /** The number of requests for the microphone. */
    get asked() {
      return mediaDevices.asked ?? 0;
    },
    /** The number of streams that the microphone returned. */
    get given() {
      return streams.length;
    },
    get isOn() {
      return microphone.isOn;
    },
    answer,
    unplug: () => microphone.unplug(),
  };
}
