// Tests of the demo's server: its page, its upstreams and its start. The proxy has its own tests.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { send } from "../server/client.mjs";
import {
  EMULATOR_URL,
  KEY,
  PAGE,
  createDist,
  failToStart,
  forgetRequests,
  recordedRequests,
  withServer,
} from "./demo-server.mjs";

/** A form without a file, which the emulator rejects with 400 if the key is valid. */
const EMPTY_FORM = Buffer.from("--thetaone-contract--\r\n");

const transcribe = (url, headers) =>
  send(url, "/api/theta/transcribe", { body: EMPTY_FORM, headers });
const get = (url, path) => send(url, path, { method: "GET" });

test("the page has security headers, and no path leads out of its folder", async () => {
  await withServer({}, async (url) => {
    const page = await get(url, "/");
    assert.deepEqual([page.status, page.text], [200, PAGE]);
    const policy = page.headers["content-security-policy"];
    assert.ok(policy.includes("script-src 'self' blob: 'wasm-unsafe-eval';"), policy);
    assert.doesNotMatch(policy, /unsafe-inline/);
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    assert.equal(page.headers["permissions-policy"], "microphone=(self)");
    assert.equal(page.headers["referrer-policy"], "no-referrer");
    assert.equal(page.headers["cross-origin-resource-policy"], "same-origin");
    for (const path of ["/missing.js", "/../package.json", "/..%2fpackage.json", "/%2e%2e/x"])
      assert.equal((await get(url, path)).status, 404, path);
  });
});

test("the page learns the scenarios of the emulator, without their keys", async () => {
  await withServer({}, async (url) => {
    const { text } = await get(url, "/api/demo");
    const { mode, scenarios } = JSON.parse(text);
    assert.equal(mode, "emulator");
    assert.ok(scenarios.length > 30);
    for (const { id, group, title, expect } of scenarios)
      assert.ok(id && group && title && expect, id);
    assert.doesNotMatch(text, /sk-theta-/);
  });
});

test("the scenario selects the key, and a key of the page is dropped", async () => {
  await withServer({}, async (url) => {
    const statusWith = async (headers) => (await transcribe(url, headers)).status;
    assert.equal(await statusWith({}), 400);
    assert.equal(await statusWith({ "x-api-key": "sk-theta-emulated-inactive-key" }), 400);
    assert.equal(await statusWith({ "x-demo-scenario": "inactive-key" }), 401);
    assert.equal(await statusWith({ "x-demo-scenario": "unheard-of" }), 401);
  });
});

test("a connection that the emulator drops is dropped for the page", async () => {
  await withServer({}, async (url) => {
    const dropped = fetch(`${url}/api/theta/transcribe`, {
      method: "POST",
      headers: { origin: url, "x-demo-scenario": "drop-connection" },
      body: new FormData(),
    });
    await assert.rejects(dropped, TypeError);
    assert.equal((await transcribe(url)).status, 400, "the server is still there");
  });
});

test("a page that leaves during a call does not end the server", async () => {
  await withServer({}, async (url) => {
    await forgetRequests();
    const controller = new AbortController();
    const call = fetch(`${url}/api/theta/transcribe`, {
      method: "POST",
      headers: { origin: url, "x-demo-scenario": "hang" },
      body: new FormData(),
      signal: controller.signal,
    });
    while ((await recordedRequests()).length === 0);
    controller.abort();
    await assert.rejects(call, { name: "AbortError" });
    assert.equal((await transcribe(url)).status, 400);
  });
});

test("the emulator is reachable despite a proxy of the environment", async () => {
  const nowhere = "http://127.0.0.1:1";
  const variables = { HTTP_PROXY: nowhere, http_proxy: nowhere, NO_PROXY: "", no_proxy: "" };
  await withServer({ variables }, async (url) => {
    assert.equal((await transcribe(url)).status, 400);
  });
});

test("requests above the quota of THETA_ONE_REQUESTS_PER_MINUTE get a 429", async () => {
  await withServer({ variables: { THETA_ONE_REQUESTS_PER_MINUTE: "1" } }, async (url) => {
    // A page of another site does not use up the quota.
    assert.equal((await transcribe(url, { "sec-fetch-site": "cross-site" })).status, 403);
    assert.equal((await transcribe(url)).status, 400);
    const rejected = await transcribe(url);
    assert.equal(rejected.status, 429);
    const seconds = Number(rejected.headers["retry-after"]);
    assert.ok(seconds >= 50 && seconds <= 61, `${seconds}`);
    assert.equal((await get(url, "/api/demo")).status, 200);
  });
});

const API = { THETA_ONE_API_KEY: KEY, THETA_ONE_BASE_URL: EMULATOR_URL };

test("with a key, the API is called with that key, and no scenario is offered", async () => {
  const variables = { ...API, THETA_ONE_API_KEY: "sk-theta-emulated-inactive-key" };
  await withServer({ variables }, async (url) => {
    assert.equal((await transcribe(url, { "x-demo-scenario": "ok" })).status, 401);
    assert.equal((await get(url, "/api/demo")).text, '{"mode":"api","scenarios":[]}');
  });
});

test("a key from a file may end in a line break", async () => {
  const variables = { ...API, THETA_ONE_API_KEY: `${KEY}\n` };
  await withServer({ variables }, async (url) => {
    assert.equal((await transcribe(url)).status, 400);
  });
});

test("no response contains the key", async () => {
  await withServer({ variables: API }, async (url) => {
    const responses = [await transcribe(url), await transcribe(url, { "sec-fetch-site": "none" })];
    for (const path of ["/", "/api/demo", "/api/theta/transcribe", "/missing"])
      responses.push(await get(url, path));
    for (const { headers, text } of responses)
      assert.doesNotMatch(JSON.stringify(headers) + text, /sk-theta-/);
  });
});

let folder;
before(() => {
  folder = createDist();
});
after(() => folder.remove());

test("what is missing or wrong at the start is an error that contains no value", async () => {
  const { dist } = folder;
  const emulator = `--emulator=${EMULATOR_URL}`;
  for (const [args, variables, message] of [
    [[`--dist=${dist}`], {}, /THETA_ONE_API_KEY is missing: .*console\.thetaone\.co/],
    [[`--dist=${dist}`], { THETA_ONE_API_KEY: "secret" }, /THETA_ONE_API_KEY must be an API key/],
    [
      [`--dist=${dist}`],
      { THETA_ONE_API_KEY: "sk-theta-sec ret" },
      /THETA_ONE_API_KEY must be an API key/,
    ],
    [
      [`--dist=${dist}`],
      { THETA_ONE_API_KEY: KEY, THETA_ONE_BASE_URL: "http://secret.example" },
      /THETA_ONE_BASE_URL must be an https: URL/,
    ],
    [
      [`--dist=${dist}`, emulator],
      { THETA_ONE_REQUESTS_PER_MINUTE: "secret" },
      /THETA_ONE_REQUESTS_PER_MINUTE must be an integer from 1/,
    ],
    [[`--dist=${dist}`, emulator, "--allow-host=sec ret"], {}, /--allow-host must be/],
    [[`--dist=${dist}`, "--emulator=http://127.0.0.1:1"], {}, /no emulator at http:\/\/127/],
    [[`--dist=${dist}`, emulator, "--port=x"], {}, /--port must be/],
    [[`--dist=${dist}/missing`, emulator], {}, /does not contain the built page/],
    [[emulator], {}, /--dist is missing/],
    [["--unknown"], {}, /--unknown/],
  ]) {
    const { code, printed } = await failToStart(["--port=0", ...args], variables);
    assert.equal(code, 1, printed);
    assert.match(printed, message);
    assert.doesNotMatch(printed, /sec ?ret|sk-theta-[a-z]/);
    assert.doesNotMatch(printed, /\n\s+at /, "no stack");
  }
});

test("a port that is in use is an error that says so", async () => {
  const other = createServer();
  await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address();
  const args = [`--dist=${folder.dist}`, `--port=${port}`, `--emulator=${EMULATOR_URL}`];
  const { code, printed } = await failToStart(args);
  other.close();
  assert.equal(code, 1);
  assert.equal(printed, `demo server: port ${port} is in use; choose another by --port\n`);
});
