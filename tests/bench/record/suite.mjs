// Measures how long a click takes to become a recording, and `stop()` to become a take, against the
// bare browser; and what is lost of the sound in between.

import { ENGINE } from "../../e2e/browser.mjs";
import { fixed, mean, median, range, ratio, standardError } from "../table.mjs";

const ROUNDS = 15;
/**
 * The rounds of clicks with everything loaded. Firefox delivers sound in steps of 10 ms, at a random
 * time after the click, so that the median of a few rounds tells little. Their means are compared.
 * The standard error of the mean is 1 of 20 ms with 60 clicks there, and 0.4 with 1,000.
 */
const CLICK_ROUNDS = ENGINE === "firefox" ? 200 : 30;
const NAMES = {
  bareEncoded: "getUserMedia and MediaRecorder",
  encoded: "thetaone-web",
  barePcm: "getUserMedia and AudioWorklet",
  pcm: 'thetaone-web, capture: "pcm"',
};
/** The page without an SDK that each recorder is compared with: the row above. */
const PEERS = { encoded: "bareEncoded", pcm: "barePcm" };
/** A slow phone on a slow network. Only Chromium's protocol slows a browser down. */
const SLOW = { cpu: 4, latencyMs: 150, bitsPerSecond: 1.6e6 };
/** The time in which a user reads the sentence before the first click, in milliseconds. */
const READING_MS = 1_500;
/**
 * The time between two recordings in one page, in milliseconds. Browsers close a microphone and an
 * audio context later than the page asks for; without a rest, one recorder pays for the other.
 */
const REST_MS = 700;
/** The time between two recordings that end at once, in milliseconds. */
const CLICK_REST_MS = 250;
const SPEECH_MS = 5_000;
/** Chromium's recorder encodes 60 ms at a time. The ends of the recordings are spread over them. */
const PACKET_MS = 60;
/** The highest ratios and times; see `docs/measurements.md`. */
const TARGETS = {
  cold: 1.1,
  warm: 1.05,
  stop: { encoded: 50, pcm: 15 },
  slowStop: { encoded: 150 },
};

const KEYS = Object.keys(NAMES);
/** The recordings of a round of clicks. */
const CLICK_KEYS = [...KEYS, ...KEYS, ...Array(3).fill(["bareEncoded", "encoded"]).flat()];
/**
 * The recordings of a round whose `stop()` is measured. Those that wait for a packet differ by
 * 60 ms: among 15 of them, two neighbors near the median may be 10 ms apart.
 */
const STOP_KEYS = [...KEYS, "encoded", "encoded"];
const isChromium = ENGINE === "chromium";

/**
 * Calls `measure(key, share)` for each recorder of `keys` in each round, in an order that differs
 * from round to round: a recorder may be affected by the one before. `share` is the share of the
 * recorder's results so far, from 0 to 1. Resolves to the lists of its results.
 */
async function interleaved(measure, { rounds = ROUNDS, keys = KEYS } = {}) {
  const results = Object.fromEntries(KEYS.map((key) => [key, []]));
  // Warms up.
  for (const key of shuffled(keys)) await measure(key, 0);
  for (let round = 0; round < rounds; round++) {
    for (const key of shuffled(keys)) {
      const total = rounds * keys.filter((one) => one === key).length;
      results[key].push(await measure(key, results[key].length / total));
    }
  }
  return results;
}

function shuffled(items) {
  const keyed = items.map((item) => [Math.random(), item]);
  return keyed.sort(([a], [b]) => a - b).map(([, item]) => item);
}

async function slowDown(page, { cpu, latencyMs, bitsPerSecond }) {
  const cdp = await page.context().newCDPSession(page);
  if (latencyMs) {
    await cdp.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: latencyMs,
      downloadThroughput: bitsPerSecond / 8,
      uploadThroughput: bitsPerSecond / 8,
    });
  }
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: cpu });
}

async function record(page, key, ms) {
  await page.evaluate(([key, ms]) => bench.recordOnClick(key, ms), [key, ms]);
  await page.mouse.click(5, 5);
  return page.evaluate(() => bench.recorded());
}

async function open(browser, address, profile) {
  const page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => console.error(`page error: ${error}`));
  if (profile) await slowDown(page, profile);
  await page.goto(address);
  await page.waitForFunction(() => globalThis.bench !== undefined);
  return page;
}

/** Clicks once in a page with an empty cache. */
async function coldStart(browser, address, key, profile, readingMs) {
  const page = await open(browser, address, profile);
  await page.evaluate((key) => bench.prepare(key), key);
  await page.waitForTimeout(readingMs);
  const { startMs } = await record(page, key, 0);
  await page.context().close();
  return startMs;
}

/** Opens a page in which everything is loaded. */
async function warmPage(browser, address, profile) {
  const page = await open(browser, address, profile);
  for (const key of KEYS) {
    await page.evaluate((key) => bench.prepare(key).then(() => bench.ready(key)), key);
    await record(page, key, 300);
  }
  return page;
}

const pick = (results, field) =>
  Object.fromEntries(KEYS.map((key) => [key, results[key].map((result) => result[field])]));

export async function run(bench) {
  const results = {};
  await bench.withMicrophone(async (browser, address) => {
    const slow = isChromium ? SLOW : undefined;
    const cold = (readingMs) =>
      interleaved((key) => coldStart(browser, address, key, slow, readingMs));
    results.cold = await cold(READING_MS);
    results.atOnce = await cold(0);
    const page = await warmPage(browser, address);
    const recordAfterRest = async (page, key, ms, restMs = REST_MS) => {
      await page.waitForTimeout(restMs);
      return record(page, key, ms);
    };
    const click = (key) => recordAfterRest(page, key, 0, CLICK_REST_MS);
    results.warm = pick(
      await interleaved(click, { rounds: CLICK_ROUNDS, keys: CLICK_KEYS }),
      "startMs",
    );
    const speech = (page) =>
      interleaved((key, share) => recordAfterRest(page, key, SPEECH_MS + share * PACKET_MS), {
        keys: STOP_KEYS,
      });
    results.stop = pick(await speech(page), "stopMs");
    results.lost = await interleaved((key, share) =>
      page.evaluate(([key, ms]) => bench.lost(key, ms), [key, 500 + share * PACKET_MS]),
    );
    await page.context().close();
    if (isChromium) {
      const slowPage = await warmPage(browser, address, { cpu: SLOW.cpu });
      results.slowStop = pick(await speech(slowPage), "stopMs");
    }
  });
  return { results, tables: tables(results) };
}

function tables(results) {
  const profile = isChromium
    ? "4× CPU, 1.6 Mbit/s, 150 ms"
    : "no throttling, which only Chromium has";
  return [
    startTable(
      `From a click to the first sound, empty cache, ${profile}`,
      results.cold,
      TARGETS.cold,
    ),
    startTable(`The same, with the click as soon as the client exists`, results.atOnce),
    clickTable("From a click to the first sound, everything loaded", results.warm, TARGETS.warm),
    stopTable("From stop() to the take, 5 s of speech", results.stop, TARGETS.stop),
    ...(results.slowStop
      ? [stopTable("The same, at 4× CPU throttling", results.slowStop, TARGETS.slowStop)]
      : []),
    lostTable(results.lost),
  ];
}

const note = `Medians of ${ROUNDS} interleaved rounds; ratios are medians of those within a round.`;

function startTable(title, times, target) {
  return {
    title,
    head: ["", "ms", "min–max", "× row above", "target"],
    rows: KEYS.map((key) => [
      NAMES[key],
      fixed(median(times[key])),
      range(times[key]),
      medianRatio(times, key),
      target && PEERS[key] ? `≤ ${ratio(target)}` : "",
    ]),
    note,
  };
}

function clickTable(title, times, target) {
  return {
    title,
    head: ["", "mean, ms", "min–max", "× row above", "target"],
    rows: KEYS.map((key) => [
      NAMES[key],
      `${fixed(mean(times[key]), 1)} ± ${fixed(standardError(times[key]), 1)}`,
      range(times[key]),
      PEERS[key] ? ratio(mean(times[key]) / mean(times[PEERS[key]])) : "",
      PEERS[key] ? `≤ ${ratio(target)}` : "",
    ]),
    note:
      `Means of ${times.encoded.length} clicks each, of ${times.pcm.length} for samples, with their ` +
      "standard errors, and their ratios.",
  };
}

function stopTable(title, times, target) {
  return {
    title,
    head: ["", "ms", "min–max", "× row above", "target, ms"],
    rows: KEYS.map((key) => [
      NAMES[key],
      fixed(median(times[key]), 1),
      range(times[key]),
      PEERS[key] ? ratio(median(times[key]) / median(times[PEERS[key]])) : "",
      target[key] ? `≤ ${target[key]}` : "",
    ]),
    note:
      `Medians of ${ROUNDS} interleaved rounds, with ${times.encoded.length / ROUNDS} recordings ` +
      "by thetaone-web's default capture in each; their ratios.",
  };
}

/** Returns the median of the ratios to the peer within a round; nothing for a peer. */
const medianRatio = (times, key) =>
  PEERS[key] ? ratio(median(times[key].map((ms, round) => ms / times[PEERS[key]][round]))) : "";

function lostTable(lost) {
  const most = (key, part) => Math.max(...lost[key].map((losses) => losses[part]));
  return {
    title: `Sound of a recording that its take lacks, ms: most of ${ROUNDS} recordings`,
    head: ["", "at the head", "at the tail", "in between", "target"],
    rows: KEYS.map((key) => [
      NAMES[key],
      most(key, "head"),
      most(key, "tail"),
      most(key, "middle"),
      PEERS[key] ? "0" : "",
    ]),
    note: "Each 10 ms of the sound can be recognized. Counts from the first chunk to stop().",
  };
}
