// useLevel

import { Profiler } from "react";
import { ThetaOneProvider, useLevel, useRecorder } from "thetaone-web/react";
import { afterwards, clientOf, equal, microphoneOf, mounted, ok, waitFor } from "./tools.jsx";

/** Counts frames until the scenario ends. */
function frameCounter() {
  const counter = { frames: 0 };
  let isOver = false;
  const count = () => {
    counter.frames += 1;
    if (!isOver) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  afterwards(() => {
    isOver = true;
  });
  return counter;
}

/**
 * Mounts a page with two meters of one recorder, and counts the renders. Without StrictMode, which
 * renders twice.
 */
async function meters(client) {
  const counts = { commits: { page: 0, left: 0, right: 0, other: 0 }, levels: [], torn: 0 };
  const count = (id) => {
    counts.commits[id] += 1;
  };
  const shown = {};
  const Meter = ({ recorder, id }) => {
    const level = useLevel(recorder);
    shown[id] = level;
    if (id === "left") counts.levels.push(level);
    return String(level.rmsDbfs);
  };
  const Other = () => {
    counts.commits.other += 1;
    return null;
  };
  const Page = () => {
    const recorder = useRecorder();
    counts.recorder = recorder;
    counts.commits.page += 1;
    return (
      <>
        <Profiler id="left" onRender={count}>
          <Meter recorder={recorder} id="left" />
        </Profiler>
        <Profiler
          id="right"
          onRender={() => {
            count("right");
            if (shown.left !== shown.right) counts.torn += 1;
          }}
        >
          <Meter recorder={{ ...recorder }} id="right" />
        </Profiler>
      </>
    );
  };
  mounted(
    <ThetaOneProvider client={client}>
      <Page />
      <Other />
    </ThetaOneProvider>,
    { strict: false },
  );
  await waitFor(() => counts.recorder);
  return counts;
}

/** Creates a client whose `hear` passes levels to its recorder. */
function toldClient() {
  const client = { state: "recording", elapsedSeconds: 0 };
  client.record = async ({ onLevel }) => {
    client.hear = onLevel;
    return {
      get state() {
        return client.state;
      },
      get elapsedSeconds() {
        return client.elapsedSeconds;
      },
      ended: new Promise(() => {}),
      stop: () => new Promise(() => {}),
      cancel() {},
      pause() {
        client.state = "paused";
      },
      resume() {
        client.state = "recording";
      },
    };
  };
  return client;
}

export const level = {
  "only what shows the level renders, and two meters of one recorder show the same": async () => {
    microphoneOf({ tone: { seconds: 5 } });
    const counts = await meters(clientOf());
    equal(counts.levels.at(-1), { rmsDbfs: -100, peakDbfs: -100, elapsedSeconds: 0 });
    const counter = frameCounter();
    await counts.recorder.start();
    await waitFor(
      () => counts.levels.filter(({ rmsDbfs }) => rmsDbfs > -30).length >= 10,
      "ten levels of the tone",
    );
    equal(counts.commits.page, 3, "idle, opening, recording");
    equal(counts.commits.other, 1);
    equal(counts.torn, 0);
    // Each render of the page adds one.
    ok(
      counts.commits.left <= counter.frames + 3,
      `${counts.commits.left} renders in ${counter.frames} frames`,
    );
    await counts.recorder.stop();
    await waitFor(() => counts.recorder.state === "done");
    equal(counts.commits.page, 5, "preparing, done");
    const { rmsDbfs, elapsedSeconds } = counts.levels.at(-1);
    ok(rmsDbfs === -100 && elapsedSeconds > 0, "silent at the end, where the time stays");
    counts.recorder.reset();
    await waitFor(() => counts.levels.at(-1).elapsedSeconds === 0);
  },

  "levels that come faster than frames render at most once a frame": async () => {
    const client = toldClient();
    const counts = await meters(client);
    await counts.recorder.start();
    await waitFor(() => counts.recorder.state === "recording");
    const counter = frameCounter();
    const before = counts.commits.left;
    let levelCount = 0;
    await waitFor(() => {
      for (let more = 0; more < 50; more += 1) {
        levelCount += 1;
        client.hear({ rmsDbfs: -levelCount / 1000, peakDbfs: 0, elapsedSeconds: levelCount });
      }
      return counter.frames >= 10;
    });
    const renders = counts.commits.left - before;
    ok(
      levelCount > 100 && renders >= 3 && renders <= counter.frames + 1,
      `${renders} renders of ${levelCount} in ${counter.frames} frames`,
    );
    const latest = { rmsDbfs: -1, peakDbfs: -1, elapsedSeconds: 1e9 };
    client.hear(latest);
    await waitFor(() => counts.levels.at(-1) === latest, "the latest level is shown");
  },

  "a level that does not change renders nothing": async () => {
    const client = toldClient();
    const counts = await meters(client);
    await counts.recorder.start();
    const still = { rmsDbfs: -20, peakDbfs: -10, elapsedSeconds: 1 };
    client.hear(still);
    await waitFor(() => counts.levels.at(-1) === still);
    const counter = frameCounter();
    const before = counts.commits.left;
    await waitFor(() => {
      client.hear({ ...still });
      return counter.frames >= 5;
    });
    equal(counts.commits.left, before);
  },

  "while it is paused, it is silent and the time stands still": async () => {
    const client = toldClient();
    const counts = await meters(client);
    await counts.recorder.start();
    await waitFor(() => counts.recorder.state === "recording");
    client.elapsedSeconds = 2;
    counts.recorder.pause();
    await waitFor(() => {
      client.hear({ rmsDbfs: -20, peakDbfs: -10, elapsedSeconds: 2 });
      return counts.levels.at(-1).elapsedSeconds === 2;
    });
    equal(counts.levels.at(-1).rmsDbfs, -100);
    counts.recorder.resume();
    await waitFor(() => {
      client.hear({ rmsDbfs: -20, peakDbfs: -10, elapsedSeconds: 3 });
      return counts.levels.at(-1).rmsDbfs === -20;
    });
  },

  "without an AudioContext to hear by, the time goes on": async () => {
    const client = toldClient();
    const counts = await meters(client);
    await counts.recorder.start();
    await waitFor(() => {
      client.elapsedSeconds += 0.1;
      return counts.levels.at(-1).elapsedSeconds > 0;
    });
    equal(counts.levels.at(-1).rmsDbfs, -100);
  },

  "a meter that comes later shows the level, and one that goes leaves the others": async () => {
    const client = toldClient();
    let recorder;
    const shown = {};
    const Meter = ({ id }) => {
      shown[id] = useLevel(recorder);
      return null;
    };
    const Page = ({ meters }) => {
      recorder = useRecorder();
      return meters.map((id) => <Meter key={id} id={id} />);
    };
    const page = (meters) => (
      <ThetaOneProvider client={client}>
        <Page meters={meters} />
      </ThetaOneProvider>
    );
    const { render } = mounted(page([]));
    await waitFor(() => recorder);
    await recorder.start();
    await waitFor(() => recorder.state === "recording");
    render(page(["one", "two"]));
    await waitFor(() => shown.one && shown.two);
    const level = (rmsDbfs) => ({ rmsDbfs, peakDbfs: 0, elapsedSeconds: 1 });
    client.hear(level(-11));
    await waitFor(() => shown.one.rmsDbfs === -11 && shown.two.rmsDbfs === -11);
    render(page(["two"]));
    await waitFor(() => {
      client.hear(level(-12));
      return shown.two.rmsDbfs === -12;
    });
  },

  "something else than a recorder is silence, and the console says so": async () => {
    const shown = [];
    const Meter = ({ recorder }) => {
      shown.push(useLevel(recorder).rmsDbfs);
      return "the page";
    };
    const { container } = mounted(
      [undefined, null, {}, 5].map((value, key) => <Meter key={key} recorder={value} />),
    );
    await waitFor(() => container.textContent.includes("the page"));
    equal([...new Set(shown)], [-100]);
    return ["useLevel() takes what useRecorder() returned"];
  },
};
