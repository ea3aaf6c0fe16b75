// The browser that the suite runs in: ENGINE names it, BROWSER is its program.

import { readFileSync } from "node:fs";
import * as node from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";
import { TimeLimitError, withTimeLimit } from "../support/time-limit.mjs";
import { speak } from "./fake-speech.mjs";
import { BrowserHangError, launch as launchWebKit } from "./webdriver.mjs";

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

/**
 * Returns a function that runs a test, and runs it a second time if its browser hangs: WebKitGTK
 * sometimes hangs on a busy machine, whatever the page does.
 */
export const rerunIfHung = (work) => async (context) => {
  try {
    await work(context);
  } catch (error) {
    if (!(error instanceof BrowserHangError)) throw error;
    context.diagnostic(`runs again, because the browser hung: ${error.message}`);
    await work(context);
  }
};

/** The time limit of a test on a busy machine: a browser that hangs answers nothing any more. */
const LIMIT_MS = 300_000;
/** The time in which the process of a test ends after its browser hung: that does not close, either. */
const CLOSE_LIMIT_MS = 60_000;
/** The title of the test in which the browser hung. The file is repeated in another one. */
let hungTest;

/** Returns a function that runs a test, and fails if it takes too long, or a test before it did. */
const withinLimit = (title, work) => async (context) => {
  if (hungTest) throw new Error(`the browser hung in: ${hungTest}`);
  try {
    await withTimeLimit(work(context), LIMIT_MS);
  } catch (error) {
    if (error instanceof TimeLimitError) {
      hungTest = title;
      // Playwright kills its browser when the process ends.
      setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref();
    }
    throw error;
  }
};

/**
 * Returns a function that adds a test of `folder`, with the options of `node:test` if there are any.
 * If this engine cannot run the test, the report says why.
 */
export const testIn =
  (folder) =>
  (title, ...rest) => {
    const work = rest.pop();
    const [options] = rest;
    const run = withinLimit(title, rerunIfHung(work));
    node.test(title, { ...options, skip: exclusion(folder, title) }, run);
  };
export const test = testIn("tests/e2e/");

export const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The preferences of the wasm tests, which keep Firefox from sending requests to the internet, for
 * example.
 */
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
  async firefox({ allow, once, beeps, names, isDark }) {
    const browser = await firefox.launch({
      channel: "moz-firefox",
      executablePath: process.env.BROWSER ?? "/usr/bin/firefox",
      firefoxUserPrefs: {
        ...prefs,
        "media.navigator.streams.fake": beeps,
        "media.navigator.permission.disabled": allow,
        "permissions.default.microphone": allow ? 1 : 2,
        "network.dns.localDomains": names.join(","),
        // The color scheme of a context has no effect by WebDriver BiDi.
        "layout.css.prefers-color-scheme.content-override": isDark ? 0 : 1,
      },
    });
    if (!once && !beeps) browser.on("disconnected", speak(SPEECH));
    return browser;
  },
  // Its microphone is a mock that beeps.
  webkit: launchWebKit,
};

/**
 * Starts a browser with a microphone, and answers its permission prompt. The sentence is played
 * into the microphone repeatedly, or once. With `beeps`, the browser's own fake microphone is used
 * instead. The host names `names` resolve to this machine, except in WebKitGTK. In Chromium,
 * `speech` is the WAV file that is played. `isDark` is for Firefox; in Chromium, the option
 * `colorScheme` of a context has the same effect.
 */
export const launch = ({
  allow = true,
  once = false,
  beeps = false,
  names = [],
  speech = SPEECH,
  isDark = false,
} = {}) => engines[ENGINE]({ allow, once, beeps, names, speech, isDark });

/**
 * Plays the sentence into a microphone that was launched with `once`, unless opening the microphone
 * does that.
 */
export const speakOnce = () => ENGINE === "firefox" && speak(SPEECH, { once: true });
