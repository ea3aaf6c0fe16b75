// A browser with a microphone that plays a file, and the page of site/ in it.

import { strict as assert } from "node:assert";
import { strictly } from "../files/strict.js";
import { SPEECH } from "./browser.mjs";

export { ENGINE, SPEECH, launch, speakOnce, test } from "./browser.mjs";
/** The address of the page of site/. */
export const SITE_URL = process.env.SITE_URL;
/** The address of the demo. */
export const DEMO_URL = process.env.DEMO_URL;
/** The address of the emulator, which both use. */
export const EMULATOR_URL = process.env.EMULATOR_URL;

/** A server on another machine. A call to this machine is sent at once, offline or not. */
const FAR_URL = "https://far.example";

/**
 * Responds for `FAR_URL` with the page of site/. Returns a list of the paths of POST requests, which
 * all succeed.
 */
export async function farServer(context) {
  const posted = [];
  await context.route(`${FAR_URL}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    if (route.request().method() === "POST") {
      posted.push(pathname);
      return route.fulfill({
        json: {
          text: "hi",
          text_type: "en",
          metadata: {},
          response_time_in_sec: 0.1,
          user_speech_components: [],
        },
      });
    }
    const answer = await fetch(`${SITE_URL}${pathname}${search}`);
    const headers = { "content-type": answer.headers.get("content-type") ?? "text/plain" };
    await route.fulfill({
      status: answer.status,
      headers,
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
  return posted;
}

/** Runs `steps` on a new page. Fails if the page reports any error. */
export async function onPage(
  browser,
  { query = "?retryBaseMs=20", isFar = false, ...options },
  steps,
) {
  const context = await browser.newContext(options);
  try {
    const posted = isFar ? await farServer(context) : undefined;
    const page = await context.newPage();
    const problems = watch(page);
    await page.addInitScript(rememberTracks);
    await page.goto(`${isFar ? FAR_URL : SITE_URL}/${query}`);
    await page.waitForFunction(() => document.getElementById("scenario").options.length > 10);
    try {
      await steps(page, context, posted);
    } catch (error) {
      // The errors of the page explain more than the missing element.
      if (problems.length > 0) error.message += `\nMeanwhile on the page: ${problems.join("; ")}`;
      throw error;
    }
    assert.deepEqual(problems, []);
    await readUploads();
  } finally {
    await context.close();
  }
}

function watch(page) {
  const problems = [];
  page.on("pageerror", (error) => {
    // Firefox's messages about actions that policies block on purpose.
    if (!error.name.startsWith("Content-Security-Policy")) problems.push(`page error: ${error}`);
  });
  page.on("console", (message) => {
    // The browser's messages about responses that are errors on purpose.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      problems.push(`console: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (
      !["blob:", "data:"].includes(protocol) &&
      ![new URL(SITE_URL).origin, FAR_URL].includes(origin)
    ) {
      problems.push(`request to ${request.url()}`);
    }
  });
  return problems;
}

function rememberTracks() {
  globalThis.tracks = [];
  const { mediaDevices } = navigator;
  // WebKit collects the object, with the properties set on it, if nothing refers to it.
  globalThis.mediaDevices = mediaDevices;
  // Firefox also runs this on about:blank, which has no `mediaDevices`.
  if (!mediaDevices) return;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    globalThis.tracks.push(...stream.getTracks());
    return stream;
  };
}

const read = new Set();

/** Asserts that a strict reader accepts every new upload. */
async function readUploads() {
  for (const { id, file } of await requests()) {
    if (!file || read.has(id)) continue;
    read.add(id);
    strictly(await uploaded(id));
  }
}

export const trackStates = (page) =>
  page.evaluate(() => globalThis.tracks.map((track) => track.readyState));

/** Chooses the speech as a file and waits until it is a take. */
export async function chooseSpeech(page) {
  await page.getByTestId("file").setInputFiles(SPEECH);
  await page.getByTestId("take").waitFor();
}

/** Makes the page wait in every read of a recording or a file until `allowReading` is called. */
export const holdReading = (page) =>
  page.evaluate(() => {
    const read = Blob.prototype.arrayBuffer;
    const allowed = new Promise((resolve) => {
      globalThis.allowReading = resolve;
    });
    Blob.prototype.arrayBuffer = async function () {
      globalThis.isReading = true;
      await allowed;
      return read.call(this);
    };
  });
export const allowReading = (page) => page.evaluate(() => globalThis.allowReading());

/** Returns the id of the element that has the focus. */
export const focused = (page) => page.evaluate(() => document.activeElement?.id);

export const choose = (page, testId, value) => page.getByTestId(testId).selectOption(value);

/** Waits until a call has settled. Returns everything that the page shows of it. */
export async function outcome(page, timeout = 60_000) {
  await page.waitForFunction(
    () => !document.getElementById("result").hidden || !document.getElementById("failure").hidden,
    undefined,
    { timeout },
  );
  return page.evaluate(() => {
    const text = (id) => document.getElementById(id).textContent;
    if (!document.getElementById("result").hidden)
      return { class: null, raw: JSON.parse(text("raw")) };
    const shown = (id) => (text(id) === "–" ? null : text(id));
    return {
      class: shown("failure-name"),
      code: shown("failure-code"),
      status: shown("failure-status") && Number(shown("failure-status")),
      reason: shown("failure-reason"),
      attempts: Number(document.getElementById("failure-attempts").dataset.count),
      en: shown("speaker-en"),
      ko: shown("speaker-ko"),
      fix: shown("failure-fix"),
      report: shown("support-report"),
    };
  });
}

export async function send(page) {
  await page.getByTestId("send").click();
  return outcome(page);
}

const emulator = async (path, init) => {
  const response = await fetch(`${EMULATOR_URL}${path}`, init);
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response;
};
export const requests = async () => (await emulator("/requests")).json();
export const uploaded = async (id) =>
  Buffer.from(await (await emulator(`/requests/${id}/audio`)).arrayBuffer());
export const forget = () => emulator("/requests", { method: "DELETE" });
export const scenarios = async () =>
  (await fetch(`${SITE_URL}/api/demo`)).json().then((demo) => demo.scenarios);
