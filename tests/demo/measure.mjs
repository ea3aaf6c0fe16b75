// Measures how fast the demo page is, as it is and on a slow phone. Prints a table.
// DEMO_URL=http://localhost:8080 node tests/demo/measure.mjs

import { DEMO_URL, PHONE, launch, recorderState, shownScores } from "./page.mjs";

const RUNS = 5;
const PROFILES = {
  "this machine": { cpu: 1 },
  "slow phone (4× CPU, 1.6 Mbit/s, 150 ms)": { cpu: 4, bytesPerSecond: 200_000, latency: 150 },
};

/** Records the moment when the button can be pressed, and whether it records when it is. */
function watch() {
  const find = () => document.querySelector("theta-recorder")?.shadowRoot?.querySelector("#record");
  const look = () => {
    if (find() && document.querySelector("theta-recorder").client) {
      globalThis.usableMs = performance.now();
    } else requestAnimationFrame(look);
  };
  look();
}

async function measure(browser, { cpu, bytesPerSecond, latency }) {
  const context = await browser.newContext({ locale: "en-US", viewport: PHONE });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  if (bytesPerSecond) {
    const throughput = { downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency,
      ...throughput,
    });
  }
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  await page.addInitScript(watch);
  await page.goto(`${DEMO_URL}/`, { waitUntil: "commit" });
  const usable = await page.waitForFunction(() => globalThis.usableMs);
  const usableMs = await usable.jsonValue();
  const [clickMs, stopMs] = await page.evaluate(async () => {
    const recorder = document.getElementById("recorder");
    const until = (condition) =>
      new Promise((resolve) => {
        const look = () => (condition() ? resolve() : setTimeout(look, 5));
        look();
      });
    const click = () => recorder.shadowRoot.querySelector("#record").click();
    const start = performance.now();
    click();
    await until(() => recorder.state === "recording");
    const clickMs = performance.now() - start;
    await until(() => recorder.level.elapsedSeconds > 2.5);
    const stop = performance.now();
    click();
    await until(() => document.getElementById("score").shadowRoot.querySelector(".word"));
    return [clickMs, performance.now() - stop];
  });
  await recorderState(page, "done");
  await shownScores(page);
  await context.close();
  return { usableMs, clickMs, stopMs };
}

const median = (values) => Math.round(values.sort((a, b) => a - b)[Math.floor(values.length / 2)]);
const browser = await launch();
console.log("| | button can be pressed | click to recording | stop to scores |\n|---|---|---|---|");
for (const [name, profile] of Object.entries(PROFILES)) {
  const all = [];
  for (let run = 0; run < RUNS; run++) all.push(await measure(browser, profile));
  const cells = ["usableMs", "clickMs", "stopMs"].map(
    (field) => `${median(all.map((one) => one[field]))} ms`,
  );
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
await browser.close();
