// Starts the engine that ENGINE names with the microphones of a PulseAudio server, in place of the
// browser's own fake ones.

import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ENGINE, QUIET, launch } from "../e2e/browser.mjs";

/** Starts the browser. PulseAudio must run already, with its microphones. */
export async function launchWithMicrophones() {
  if (ENGINE === "chromium") {
    return chromium.launch({
      executablePath: process.env.BROWSER ?? "/usr/bin/chromium",
      args: [
        ...QUIET,
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
      ],
      // Playwright turns off the cache of pages that were left, and the sound.
      ignoreDefaultArgs: ["--disable-back-forward-cache", "--mute-audio"],
    });
  }
  if (ENGINE === "webkit") useRealDevices();
  // `once` leaves the voice to the caller.
  return launch({ once: true });
}

/** Removes the mock devices from the capabilities that WebKitGTK is started with. */
function useRealDevices() {
  const capabilities = JSON.parse(readFileSync(process.env.CAPABILITIES, "utf8"));
  const options = capabilities["webkitgtk:browserOptions"];
  options.args = options.args.filter((argument) => !argument.includes("mock-capture"));
  const file = join(tmpdir(), `webkit-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(capabilities));
  process.env.CAPABILITIES = file;
}
