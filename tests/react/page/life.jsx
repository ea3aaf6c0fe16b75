// Suspense, fast refresh, and hidden trees

import * as React from "react";
import { createElement, startTransition, Suspense, useEffect, useState } from "react";
import * as refresh from "react-refresh/runtime";
import { ThetaOneProvider, useLevel, useRecorder } from "thetaone-web/react";
import { clientOf, equal, microphoneOf, mounted, ok, waitFor } from "./tools.jsx";

/** A promise to suspend on. */
function resource() {
  let isReady = false;
  let ready;
  const promise = new Promise((resolve) => {
    ready = () => {
      isReady = true;
      resolve();
    };
  });
  return {
    ready,
    read: () => {
      if (!isReady) throw promise;
    },
  };
}

export const life = {
  "a component that suspends before it is mounted records afterwards, with one microphone":
    async () => {
      const microphone = microphoneOf();
      const pending = resource();
      let recorder;
      const Component = () => {
        recorder = useRecorder();
        pending.read();
        return "ready";
      };
      const page = (
        <ThetaOneProvider client={clientOf()}>
          <Suspense fallback="waiting">
            <Component />
          </Suspense>
        </ThetaOneProvider>
      );
      const { container, unmount } = mounted(page);
      await waitFor(() => container.textContent === "waiting");
      pending.ready();
      await waitFor(() => container.textContent === "ready");
      await recorder.start();
      await waitFor(() => recorder.state === "recording");
      unmount();
      await waitFor(() => !microphone.isOn);
      equal(microphone.asked, 1);
    },

  "a recording goes on while its component suspends, and ends when that is removed": async () => {
    const microphone = microphoneOf();
    const pending = resource();
    let recorder, suspend;
    const Component = () => {
      recorder = useRecorder();
      const [isSuspended, setSuspended] = useState(false);
      suspend = () => setSuspended(true);
      if (isSuspended) pending.read();
      return <Meter recorder={recorder} />;
    };
    const Meter = ({ recorder }) => useLevel(recorder).elapsedSeconds > 0 && "heard";
    const page = (isThere) => (
      <ThetaOneProvider client={clientOf()}>
        <Suspense fallback="waiting">{isThere && <Component />}</Suspense>
      </ThetaOneProvider>
    );
    const { container, render } = mounted(page(true));
    await waitFor(() => recorder);
    await recorder.start();
    await waitFor(() => container.textContent === "heard");
    suspend();
    await waitFor(() => container.textContent.includes("waiting"));
    equal([microphone.isOn, recorder.state], [true, "recording"]);
    render(page(false));
    await waitFor(() => !microphone.isOn, "the microphone is off");
  },

  "a transition that suspends keeps the recording, and what it shows": async () => {
    const microphone = microphoneOf();
    const pending = resource();
    let recorder, move;
    const Component = () => {
      recorder = useRecorder();
      const [isNext, setNext] = useState(false);
      move = () => startTransition(() => setNext(true));
      if (isNext) pending.read();
      return isNext ? "next" : "first";
    };
    const page = (
      <ThetaOneProvider client={clientOf()}>
        <Suspense fallback="waiting">
          <Component />
        </Suspense>
      </ThetaOneProvider>
    );
    const { container } = mounted(page);
    await waitFor(() => recorder);
    await recorder.start();
    await waitFor(() => recorder.state === "recording");
    move();
    pending.ready();
    await waitFor(() => container.textContent === "next");
    equal([recorder.state, microphone.asked], ["recording", 1]);
    ok(await recorder.stop(), "the take");
  },

  "fast refresh keeps a recording, whose microphone is still switched off at the end": async () => {
    const microphone = microphoneOf();
    let recorder;
    const version = (text) => {
      const Component = () => {
        recorder = useRecorder();
        return text;
      };
      refresh.register(Component, "life.jsx Component");
      return Component;
    };
    const Component = version("before");
    const { container, unmount } = mounted(
      <ThetaOneProvider client={clientOf()}>
        <Component />
      </ThetaOneProvider>,
    );
    await waitFor(() => container.textContent === "before");
    await recorder.start();
    await waitFor(() => recorder.state === "recording");
    version("after");
    refresh.performReactRefresh();
    await waitFor(() => container.textContent === "after");
    equal([recorder.state, microphone.isOn], ["recording", true]);
    unmount();
    await waitFor(() => !microphone.isOn, "the microphone is off");
    equal(microphone.asked, 1);
  },

  "fast refresh of a component whose hooks changed switches the microphone off": async () => {
    const microphone = microphoneOf();
    let recorder;
    const version = (text, signature, useMore) => {
      const Component = () => {
        recorder = useRecorder();
        useMore?.();
        return text;
      };
      refresh.register(Component, "life.jsx Changing");
      refresh.setSignature(Component, signature);
      return Component;
    };
    const Component = version("before", "useRecorder");
    const { container } = mounted(
      <ThetaOneProvider client={clientOf()}>
        <Component />
      </ThetaOneProvider>,
    );
    await waitFor(() => container.textContent === "before");
    await recorder.start();
    await waitFor(() => recorder.state === "recording");
    version("after", "useRecorder useState", () => useState());
    refresh.performReactRefresh();
    await waitFor(() => container.textContent === "after");
    await waitFor(() => !microphone.isOn, "the microphone is off");
    equal(recorder.state, "idle");
    await recorder.start();
    await waitFor(() => recorder.state === "recording");
  },

  ...(React.Activity && {
    "a tree that Activity hides switches the microphone off, and can record when it is back":
      async () => {
        const microphone = microphoneOf();
        let recorder;
        let isShown = false;
        const Component = () => {
          recorder = useRecorder();
          useEffect(() => {
            isShown = true;
            return () => {
              isShown = false;
            };
          }, []);
          return recorder.state;
        };
        const page = (mode) => createElement(React.Activity, { mode }, <Component />);
        const client = clientOf();
        const provided = (mode) => (
          <ThetaOneProvider client={client}>{page(mode)}</ThetaOneProvider>
        );
        const { render, container } = mounted(provided("visible"));
        await waitFor(() => recorder);
        await recorder.start();
        await waitFor(() => container.textContent === "recording");
        render(provided("hidden"));
        await waitFor(() => !microphone.isOn, "the microphone is off");
        await waitFor(() => !isShown);
        render(provided("visible"));
        await waitFor(() => isShown && container.textContent === "idle");
        await recorder.start();
        await waitFor(() => container.textContent === "recording");
        equal(microphone.asked, 2);
      },
  }),
};
