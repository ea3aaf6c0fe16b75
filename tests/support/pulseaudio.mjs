// A private PulseAudio server, whose microphones a test plugs in and out. The browsers that this
// process starts afterwards use it.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);
const START_LIMIT_MS = 20_000;
const SPEAKER = ["module-null-sink", "sink_name=speaker", "rate=48000", "channels=1"];

/** Starts a server with a silent speaker, and with these lines of a PulseAudio script. */
export async function startPulseAudio(lines = []) {
  // The path of a socket may have 107 bytes at most.
  const folder = mkdtempSync(join(tmpdir(), "pulse-"));
  const server = `unix:${folder}/native`;
  const script = join(folder, "script.pa");
  writeFileSync(
    script,
    [
      ".fail",
      `load-module module-native-protocol-unix auth-anonymous=1 socket=${folder}/native`,
      `load-module ${SPEAKER.join(" ")}`,
      ...lines,
      "",
    ].join("\n"),
  );
  const flags = "-n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --disable-shm=yes";
  const quiet = "--realtime=no --high-priority=no --log-level=error";
  const own = Object.fromEntries(
    ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"].map((name) => [name, folder]),
  );
  const child = spawn("pulseaudio", [...`${flags} ${quiet}`.split(" "), "-F", script], {
    stdio: "ignore",
    env: { ...process.env, ...own },
  });
  const exited = once(child, "exit");
  const stop = () => child.kill();
  process.once("exit", stop);
  /** Runs `pactl`; resolves to its output. */
  const pactl = async (...args) =>
    (await execute("pactl", ["--server", server, ...args])).stdout.trim();
  const end = performance.now() + START_LIMIT_MS;
  while (
    await pactl("info").then(
      () => false,
      () => true,
    )
  ) {
    if (performance.now() > end || child.exitCode !== null)
      throw new Error("PulseAudio did not start");
    await pause(50);
  }
  process.env.PULSE_SERVER = server;
  return {
    pactl,
    /**
     * Plugs in a microphone that hears a tone. Resolves to a function that unplugs it. The loopback
     * keeps its delay short: a sink without a listener takes sound in blocks of two seconds.
     */
    async plugIn(name, hertz, rate = 48_000) {
      const load = (...args) => pactl("load-module", ...args);
      const sink = `${name}-sound`;
      const module = await load(
        "module-null-sink",
        `sink_name=${sink}`,
        `rate=${rate}`,
        "channels=1",
      );
      await load(
        ...["module-remap-source", `master=${sink}.monitor`, `source_name=${name}`],
        // Firefox makes the ID of a device from its name.
        `source_properties=device.description=${name}`,
      );
      await load(
        ...["module-loopback", `source=${sink}.monitor`, "sink=speaker", "latency_msec=30"],
        ...["source_dont_move=true", "sink_dont_move=true"],
      );
      await load("module-sine", `sink=${sink}`, `frequency=${hertz}`);
      return () => pactl("unload-module", module);
    },
    /**
     * Unplugs everything, the speaker too: it can be recorded, and would be a microphone that is
     * left.
     */
    unplugAll: () => pactl("unload-module", "module-null-sink"),
    /** Plugs the speaker in again, if it was unplugged. Resolves to true if it was. */
    async plugInSpeaker() {
      const isThere = (await pactl("list", "short", "sinks")).includes("\tspeaker\t");
      if (!isThere) await pactl("load-module", ...SPEAKER);
      await pactl("set-default-sink", "speaker");
      return !isThere;
    },
    /** Resolves to the numbers of the streams of browsers that record now. */
    async recordings() {
      const lines = (await pactl("list", "short", "source-outputs")).split("\n");
      return lines
        .filter((line) => line.includes("protocol-native"))
        .map((line) => line.split("\t")[0]);
    },
    async close() {
      process.off("exit", stop);
      child.kill();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
