// The self-test page, and a server of it that responds to some requests itself, in any engine.

import { once } from "node:events";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { chirpPeriod } from "../../www-demo/src/self-test/chirps.js";
import { DEMO_URL, ENGINE, launch } from "./page.mjs";

/** The time in which a run must end, on a busy machine. */
const RUN_LIMIT_MS = 150_000;
const CHIRPS_RATE = 48_000;
const CHIRPS_PERIODS = 10;

/**
 * Opens the page at `url`, calls `prepare` with it, and runs the self-test. Returns the report and
 * the page, with the exceptions that nothing caught; `close()` closes the page.
 */
export async function runSelfTest(browser, { url = DEMO_URL, prepare } = {}) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(`${url}/self-test.html`);
    await prepare?.(page);
    await page.getByTestId("start").click();
    await page.waitForFunction(() => !document.getElementById("report").hidden, undefined, {
      timeout: RUN_LIMIT_MS,
    });
    const text = await page.evaluate(() => document.getElementById("report-text").value);
    const { summary, steps } = JSON.parse(text.split("```json")[1].split("```")[0]);
    const step = (id) => steps.find((step) => step.id === id);
    return { text, summary, steps, step, page, problems, close: () => context.close() };
  } catch (error) {
    await context.close();
    throw error;
  }
}

/**
 * Starts a browser that hears the tones of the page: Firefox from its loudspeaker, and Chromium
 * from a file. WebKitGTK hears the beeps of its mock microphone.
 */
export async function launchWithTones() {
  // The loudspeaker is the other end of the microphone.
  if (ENGINE === "firefox") process.env.PULSE_SINK = "mouth";
  const folder = mkdtempSync(join(tmpdir(), "thetaone-web-chirps-"));
  const speech = join(folder, "chirps.wav");
  writeFileSync(speech, chirpsWav());
  const browser = await launch({ once: ENGINE === "firefox", speech });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Returns a WAV file of the chirps: 48 kHz, mono. Played repeatedly, it has no seam. */
function chirpsWav() {
  const period = chirpPeriod(CHIRPS_RATE);
  const samples = Int16Array.from({ length: CHIRPS_PERIODS * period.length }, (_, n) =>
    Math.round(32767 * period[n % period.length]),
  );
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(CHIRPS_RATE, 24);
  header.writeUInt32LE(2 * CHIRPS_RATE, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/**
 * Serves the demo on another port. `respond` is called with method and path, and returns
 * `{ status, json }`, or `undefined` to forward the request. `intercepted` counts the responses.
 */
export async function serveDemo(respond) {
  const counts = { intercepted: 0 };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const own = respond(request.method, new URL(request.url, DEMO_URL).pathname);
    if (own) {
      counts.intercepted += 1;
      response.writeHead(own.status, { "content-type": "application/json" });
      response.end(JSON.stringify(own.json ?? {}));
      return;
    }
    const { status, headers, body } = await forward(request, Buffer.concat(chunks));
    response.writeHead(status, headers);
    response.end(body);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return {
    url: `http://localhost:${server.address().port}`,
    counts,
    close: () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      return closed;
    },
  };
}

/** Forwards a request to the demo server, which accepts only requests of its own origin. */
async function forward({ method, url, headers }, body) {
  const response = await fetch(DEMO_URL + url, {
    method,
    headers: { "content-type": headers["content-type"] ?? "", origin: new URL(DEMO_URL).origin },
    body: method === "POST" ? body : undefined,
  });
  // `fetch` has decompressed the body.
  const own = ["connection", "content-encoding", "content-length", "transfer-encoding"];
  const forwarded = [...response.headers].filter(([name]) => !own.includes(name));
  return {
    status: response.status,
    headers: Object.fromEntries(forwarded),
    body: Buffer.from(await response.arrayBuffer()),
  };
}
