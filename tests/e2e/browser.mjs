// The browser that the suite runs in: ENGINE names it, BROWSER is its program.

import { readFileSync } from "node:fs";
import * as node from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";
import { speak } from "./fake-speech.mjs";
import { launch as launchWebKit } from "./webdriver.mjs";

export const ENGINE = process.env.ENGINE ?? "chromium";
export const SPEECH = fileURLToPath(new URL("../fixtures/speech.wav", import.meta.url));

const table = JSON.parse(readFileSync(new URL("../engines.json", import.meta.url), "utf8"));
const excluded = table.filter(({ engine }) => engine === ENGINE);

/**
 * Returns why this engine cannot run the tests of `folder` whose titles begin so, for `skip`; false
 * if it can.
 */
export function exclusion(folder, title) {
  const found = excluded.find(
    ({ file, test }) => file.startsWith(folder) && title.startsWith(test),
  );
  return found?.reason ?? false;
}

/** Adds a test, unless this engine cannot run it; then the report says why. */
export const test = (title, work) =>
  node.test(title, { skip: exclusion("tests/e2e/", title) }, work);

export const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What the wasm tests set too: that Firefox asks nothing of the internet, for one. */
const { prefs } = JSON.parse(
  readFileSync(new URL("../../webdriver.json", import.meta.url), "utf8"),
)["moz:firefoxOptions"];

const engines = {
  chromium({ allow, once, beeps, names, speech }) {
    const microphone = ["--use-fake-device-for-media-stream"];
    if (!beeps)
      microphone.push(`--use-file-for-fake-audio-capture=${speech}${once ? "%noloop" : ""}`);
    return chromium.launch({
      executablePath: process.env.BROWSER ?? "/usr/bin/chromium",
      args: [
        ...QUIET,
        ...microphone,
        `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1`).join(",")}`,
        allow ? "--use-fake-ui-for-media-stream" : "--deny-permission-prompts",
      ],
    });
  },
  // Any Firefox, by WebDriver BiDi. Its own fake microphone plays a tone, in which no speech is to
  // be found.
  async firefox({ allow, once, beeps, names }) {
    const browser = await firefox.launch({
      channel: "moz-firefox",
      executablePath: process.env.BROWSER ?? "/usr/bin/firefox",
      firefoxUserPrefs: {
        ...prefs,
        "media.navigator.streams.fake": beeps,
        "media.navigator.permission.disabled": allow,
        "permissions.default.microphone": allow ? 1 : 2,
        "network.dns.localDomains": names.join(","),
      },
    });
    if (!once && !beeps) browser.on("disconnected", speak(SPEECH));
    return browser;
  },
  // Its microphone is a mock that beeps.
  webkit: launchWebKit,
};

/**
 * Starts a browser that has a microphone, and answers the question whether it may be used. Into the
 * microphone, the sentence is spoken again and again, or once; with `beeps`, the browser's own fake
 * microphone sounds instead. The host names `names` lead to this machine, except in WebKitGTK. In
 * Chromium, `speech` is the WAV file that is spoken.
 */
export const launch = ({
  allow = true,
  once = false,
  beeps = false,
  names = [],
  speech = SPEECH,
} = {}) => engines[ENGINE]({ allow, once, beeps, names, speech });

/**
 * Speaks the sentence into a microphone that was launched to hear it once, where that is not done
 * by opening it.
 */
export const speakOnce = () => ENGINE === "firefox" && speak(SPEECH, { once: true });
