// The browser that the suite runs in: ENGINE names it, BROWSER is its program.

import { readFileSync } from "node:fs";
import * as node from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";
import { speak } from "./voice.mjs";
import { launch as launchWebKit } from "./webdriver.mjs";

export const ENGINE = process.env.ENGINE ?? "chromium";
export const SPEECH = fileURLToPath(new URL("../fixtures/speech.wav", import.meta.url));

const table = JSON.parse(readFileSync(new URL("../engines.json", import.meta.url), "utf8"));
const excluded = table.filter(({ engine }) => engine === ENGINE);

/** A test, unless this engine cannot run it; then the report says why. The table may name only how a title begins. */
export function test(title, work) {
  const found = excluded.find(({ test }) => title.startsWith(test));
  node.test(title, { skip: found?.reason ?? false }, work);
}

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
  chromium({ allow, once, names, speech }) {
    const microphone = [
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-audio-capture=${speech}${once ? "%noloop" : ""}`,
    ];
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
  // Any Firefox, by WebDriver BiDi. Its own fake microphone would play a tone, in which no speech is to be found.
  async firefox({ allow, once, names }) {
    const browser = await firefox.launch({
      channel: "moz-firefox",
      executablePath: process.env.BROWSER ?? "/usr/bin/firefox",
      firefoxUserPrefs: {
        ...prefs,
        "media.navigator.streams.fake": false,
        "media.navigator.permission.disabled": allow,
        "permissions.default.microphone": allow ? 1 : 2,
        "network.dns.localDomains": names.join(","),
      },
    });
    if (!once) browser.on("disconnected", speak(SPEECH));
    return browser;
  },
  // Its microphone is a mock that beeps.
  webkit: launchWebKit,
};

/**
 * Starts a browser that has a microphone, and answers the question whether it may be used. Into the microphone, the
 * sentence is spoken again and again, or once. The host names `names` lead to this machine, except in WebKitGTK.
 * In Chromium, another WAV file than that of the sentence can be spoken.
 */
export const launch = ({ allow = true, once = false, names = [], speech = SPEECH } = {}) =>
  engines[ENGINE]({ allow, once, names, speech });

/** Speaks the sentence into a microphone that was launched to hear it once, where that is not done by opening it. */
export const speakOnce = () => ENGINE === "firefox" && speak(SPEECH, { once: true });
