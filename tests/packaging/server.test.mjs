// Tests of thetaone-web/server with plain requests: options, access, limits and events.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { FORM, form } from "../server/client.mjs";
import { assertNoKey } from "../server/contract.mjs";
import { KEY } from "../server/upstream.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const load = (name) => import(pathToFileURL(join(installed.folder, name)));
const { createProxy, toNodeHandler, vitePlugin } = await load("server.js");
const { ConfigurationError } = await load("errors.js");

const URL_OF_SITE = "http://localhost:3000/api/theta/transcribe";

/** Returns a request from a page of the site, unless `headers` say otherwise. */
function pageRequest({
  url = URL_OF_SITE,
  method = "POST",
  body = form(),
  headers = {},
  signal,
} = {}) {
  const all = { "sec-fetch-site": "same-origin", "content-type": FORM, ...headers };
  for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
  return new Request(url, {
    method,
    headers: all,
    signal,
    ...(method === "POST" && { body, duplex: "half" }),
  });
}

/** Returns a `fetch` that counts its calls and responds with the result of `answer`. */
function scripted(answer = () => Response.json({ text: "Hi" })) {
  const calls = [];
  return {
    calls,
    async fetch(url, init) {
      calls.push({
        url,
        init,
        body: init.body && Buffer.from(await new Response(init.body).arrayBuffer()),
      });
      return answer(calls.length, init);
    },
  };
}

const proxyOf = (options = {}) => {
  const api = scripted(options.answer);
  const { answer: _, ...rest } = options;
  return { api, proxy: createProxy({ apiKey: KEY, fetch: api.fetch, ...rest }) };
};

const detailOf = async (response) => (await response.json()).detail;

test("options that are wrong are refused by name when the proxy is created, without showing a value", () => {
  const secret = "hunter2-hunter2";
  const wrong = [
    [undefined, "object"],
    [null, "object"],
    ["x", "object"],
    [{}, "apiKey"],
    [{ apiKey: undefined }, "apiKey"],
    [{ apiKey: "" }, "apiKey"],
    [{ apiKey: secret }, "apiKey"],
    [{ apiKey: 5 }, "apiKey"],
    [{ apiKey: "sk-theta-" }, "apiKey"],
    [{ apiKey: `${KEY}\n` }, "apiKey"],
    [{ apiKey: `sk-theta-a b ${secret}` }, "apiKey"],
    [{ apiKey: `sk-theta-${"x".repeat(300)}` }, "apiKey"],
    [{ apikey: KEY }, "apikey"],
    [{ target: "x" }, "target"],
    [{ __proto__: null, constructor: 1 }, "constructor"],
    ...[
      "http://stt.thetaone-ai.com",
      "ftp://x",
      "stt.thetaone-ai.com",
      "/api",
      "https://user:pass@x",
      "https://x?y",
      "https://x#y",
      "https://x?",
      "https://x/#",
      "http://localhost.evil.example",
      "http://127.0.0.1.evil.example",
      5,
    ].map((baseUrl) => [{ baseUrl }, "baseUrl"]),
    ...[
      "*",
      "null",
      "https://app.example/",
      "app.example",
      "https://app.example/path",
      "ftp://app.example",
    ].map((origin) => [{ allowedOrigins: [origin] }, "allowedOrigins"]),
    [{ allowedOrigins: "https://app.example" }, "allowedOrigins"],
    [{ allowedOrigins: [/app/] }, "allowedOrigins"],
    ...["https://app.example", "app.example/path", "", "*", "a b"].map((host) => [
      { allowedHosts: [host] },
      "allowedHosts",
    ]),
    [{ authorize: true }, "authorize"],
    [{ onEvent: {} }, "onEvent"],
    [{ fetch: "x" }, "fetch"],
    ...[0, -1, 1.5, Number.NaN, Infinity, "5"].flatMap((number) =>
      ["maxBytes", "requestsPerMinute", "timeoutMs"].map((name) => [{ [name]: number }, name]),
    ),
    [{ timeoutMs: 2 ** 31 }, "timeoutMs"],
    [{ limiter: {} }, "limiter"],
    [{ limiterFailure: "ajar" }, "limiterFailure"],
    [{ perUser: { id: () => "x" } }, "perUser"],
    [{ perUser: { requestsPerMinute: 5 } }, "perUser"],
    [{ perUser: { id: () => "x", requestsPerMinute: 5, more: 1 } }, "perUser"],
  ];
  for (const [options, name] of wrong) {
    const given =
      options &&
      typeof options === "object" &&
      !Object.hasOwn(options, "apiKey") &&
      name !== "apiKey"
        ? { apiKey: KEY, ...options }
        : options;
    assert.throws(
      () => createProxy(given),
      (error) => {
        assert.ok(error instanceof ConfigurationError, `${name}: ${error}`);
        assert.ok(error.message.includes(name), `${name}: ${error.message}`);
        assert.ok(!error.message.includes(secret) && !error.message.includes(KEY), error.message);
        return true;
      },
    );
  }
  const throwing = (name) =>
    Object.defineProperty({}, name, {
      enumerable: true,
      get() {
        throw new Error(secret);
      },
    });
  for (const options of [
    throwing("apiKey"),
    { apiKey: KEY, perUser: throwing("id") },
    { apiKey: KEY, limiter: throwing("consume") },
  ]) {
    for (const create of [createProxy, vitePlugin]) {
      assert.throws(
        () => create(options),
        (error) => error instanceof ConfigurationError && !error.message.includes(secret),
      );
    }
  }
  assert.throws(() => createProxy({}), /console\.thetaone\.co.*THETA_ONE_API_KEY/);
});

test("options whose members are inherited are refused instead of ignored", () => {
  class Options {
    get apiKey() {
      return KEY;
    }
  }
  const unreadable = new Proxy(
    {},
    {
      getPrototypeOf() {
        throw new Error("no prototype");
      },
    },
  );
  for (const options of [new Options(), Object.create({ apiKey: KEY }), unreadable]) {
    for (const create of [createProxy, vitePlugin])
      assert.throws(() => create(options), { code: "CONFIGURATION" });
  }
  assert.equal(typeof createProxy(Object.assign(Object.create(null), { apiKey: KEY })), "function");
});

test("options that are right are taken, and may be changed afterwards without effect", async () => {
  const options = {
    apiKey: KEY,
    baseUrl: new URL("https://api.example/v1/"),
    allowedOrigins: ["https://app.example"],
    allowedHosts: ["Localhost"],
    maxBytes: 1e6,
    requestsPerMinute: 5,
    perUser: { id: () => "x", requestsPerMinute: 5 },
    timeoutMs: 100,
    authorize: undefined,
    limiter: null,
    limiterFailure: "open",
    onEvent: () => {},
    fetch: scripted().fetch,
  };
  const proxy = createProxy(options);
  options.baseUrl = "https://elsewhere.example";
  options.perUser.requestsPerMinute = 0;
  assert.equal((await proxy(pageRequest())).status, 200);
  for (const baseUrl of [
    "http://localhost:1",
    "http://api.localhost",
    "http://127.0.0.1:5",
    "http://127.8.8.8",
    "http://[::1]:80/x",
  ]) {
    createProxy({ apiKey: KEY, baseUrl });
  }
});

test("the base URL may have a path, a slash at its end, and spaces around it", async () => {
  for (const baseUrl of [
    " https://api.example/v1 ",
    "https://api.example/v1",
    "https://api.example/v1/",
    "https://api.example/v1///",
  ]) {
    const { proxy, api } = proxyOf({ baseUrl });
    await proxy(pageRequest());
    assert.equal(api.calls[0].url, "https://api.example/v1/transcribe");
  }
});

test("the key may differ for each request", async () => {
  const { proxy, api } = proxyOf({
    apiKey: async (request) => `sk-theta-${request.headers.get("x-tenant")}`,
  });
  for (const tenant of ["one", "two"])
    await proxy(pageRequest({ headers: { "x-tenant": tenant } }));
  assert.deepEqual(
    api.calls.map(({ init }) => init.headers["x-api-key"]),
    ["sk-theta-one", "sk-theta-two"],
  );
});

/** Runs `steps` and returns what was logged meanwhile. */
async function logged(t, steps) {
  const log = t.mock.method(console, "error", () => {});
  await steps();
  return log.mock.calls.map((call) => call.arguments.join(" ")).join("\n");
}

test("a function that returns no key is a 401 that the SDK knows, and the log says it", async (t) => {
  for (const returned of [undefined, null, "", "sk-other", 5, `${KEY}\r\nx: y`]) {
    const { proxy, api } = proxyOf({ apiKey: () => returned });
    const log = await logged(t, async () => {
      const response = await proxy(pageRequest());
      assert.deepEqual([response.status, await detailOf(response)], [401, "Invalid API key"]);
    });
    assert.match(log, /apiKey\(\) returned no API key/);
    assert.equal(api.calls.length, 0);
    t.mock.restoreAll();
  }
});

test("a function that throws is a 500, and what it threw is in the log only, without a key", async (t) => {
  const fails = () => {
    throw new Error(`no session in /secret/path for ${KEY} or ${encodeURIComponent(KEY)}`);
  };
  for (const options of [
    { apiKey: fails },
    { authorize: fails },
    { authorize: async () => fails() },
    { perUser: { id: fails, requestsPerMinute: 5 } },
    { authorize: () => "yes" },
    { perUser: { id: () => 7, requestsPerMinute: 5 } },
  ]) {
    const { proxy, api } = proxyOf(options);
    const log = await logged(t, async () => {
      const response = await proxy(pageRequest());
      assert.equal(response.status, 500);
      const detail = await detailOf(response);
      assert.doesNotMatch(detail, /secret/);
      assertNoKey(detail, "the response");
    });
    assert.match(log, /no session|must return/);
    assertNoKey(log, "the log");
    assert.equal(api.calls.length, 0);
    t.mock.restoreAll();
  }
});

test("`authorize` decides about programs, and other sites' pages stay out", async () => {
  const silent = { "sec-fetch-site": undefined };
  for (const [verdict, headers, status] of [
    [true, silent, 200],
    [false, silent, 401],
    [false, {}, 401],
    [true, {}, 200],
    [true, { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    [true, { "sec-fetch-site": "same-site" }, 403],
    [true, { "sec-fetch-site": undefined, origin: "https://evil.example" }, 403],
    [true, { "sec-fetch-site": undefined, origin: "null" }, 403],
  ]) {
    const { proxy, api } = proxyOf({ authorize: async () => verdict });
    const response = await proxy(pageRequest({ headers }));
    assert.equal(response.status, status, JSON.stringify(headers));
    assert.equal(api.calls.length, status === 200 ? 1 : 0);
    if (status !== 200) assert.equal(typeof (await detailOf(response)), "string");
  }
  const own = new Response("pay first", { status: 402, headers: { "x-own": "1" } });
  const response = await proxyOf({ authorize: () => own }).proxy(pageRequest());
  assert.deepEqual(
    [response.status, await response.text(), response.headers.get("x-own")],
    [402, "pay first", "1"],
  );
});

test("a Response of `authorize` that cannot be sent is a 500, and the log says it", async (t) => {
  const shared = new Response("pay first", { status: 402 });
  const { proxy } = proxyOf({ authorize: () => shared });
  assert.equal(await (await proxy(pageRequest())).text(), "pay first");
  for (const failing of [proxy, proxyOf({ authorize: () => Response.error() }).proxy]) {
    const log = await logged(t, async () => {
      const response = await failing(pageRequest());
      assert.equal(response.status, 500);
      assert.equal(typeof (await detailOf(response)), "string");
    });
    assert.match(log, /an unread Response/);
    t.mock.restoreAll();
  }
});

test("hosts: only those that are ours, by the URL or by name", async () => {
  const status = async (url, host, options) =>
    (
      await proxyOf(options).proxy(
        pageRequest({ url: `${url}/api/theta/transcribe`, headers: host ? { host } : {} }),
      )
    ).status;
  for (const [url, host, options, expected] of [
    ["https://app.example", undefined, {}, 200],
    ["https://app.example", "app.example", {}, 200],
    ["https://app.example", "evil.example", {}, 403],
    ["https://app.example", "app.example@evil.example", {}, 403],
    ["https://app.example", "app.example, evil.example", {}, 403],
    ["http://localhost:3000", undefined, {}, 200],
    ["http://app.localhost:3000", undefined, {}, 200],
    ["http://127.0.0.1:3000", undefined, {}, 200],
    ["http://192.168.0.7:3000", undefined, {}, 200],
    ["http://[::1]:3000", undefined, {}, 200],
    ["http://web:3000", undefined, {}, 200],
    ["http://evil.example:3000", undefined, {}, 403],
    ["http://127.0.0.1.evil.example", undefined, {}, 403],
    ["http://app.example", undefined, { authorize: () => true }, 200],
    ["http://app.example", "evil.example", { authorize: () => true }, 403],
    ["http://app.example", undefined, { allowedHosts: ["app.example"] }, 200],
    ["http://app.example:8080", undefined, { allowedHosts: ["APP.example"] }, 200],
    ["http://app.example:8080", undefined, { allowedHosts: ["app.example:8080"] }, 200],
    ["http://app.example:8081", undefined, { allowedHosts: ["app.example:8080"] }, 403],
    ["http://localhost:3000", undefined, { allowedHosts: ["app.example"] }, 403],
    ["http://localhost:3000", "app.example", { allowedHosts: ["app.example"] }, 200],
  ]) {
    assert.equal(
      await status(url, host, options),
      expected,
      `${url} ${host} ${JSON.stringify(options)}`,
    );
  }
});

test("the default port may be written in the host or not", async () => {
  for (const [host, origin] of [
    ["localhost:80", "http://localhost"],
    ["localhost", "http://localhost:80"],
    ["localhost", "https://localhost"],
  ]) {
    const { proxy } = proxyOf();
    const headers = { "sec-fetch-site": undefined, host, origin };
    assert.equal(
      (await proxy(pageRequest({ url: "http://localhost/transcribe", headers }))).status,
      200,
      `${host} ${origin}`,
    );
  }
});

test("handlers of frameworks may pass their event or context", async () => {
  const { proxy, api } = proxyOf();
  await proxy({ request: pageRequest(), params: {} });
  await proxy({ req: { raw: pageRequest() } });
  await proxy(pageRequest(), { params: Promise.resolve({}) });
  assert.equal(api.calls.length, 3);
  await assert.rejects(
    proxy({ url: "/", headers: {} }),
    (error) => error instanceof ConfigurationError && /toNodeHandler/.test(error.message),
  );
  assert.throws(() => toNodeHandler(undefined), ConfigurationError);
});

test("a body that somebody else has read is a 500, and the log says it", async (t) => {
  const request = pageRequest();
  await request.text();
  const log = await logged(t, async () =>
    assert.equal((await proxyOf().proxy(request)).status, 500),
  );
  assert.match(log, /body was read before/);
});

test("a response without a body, and statuses that HTTP does not have", async () => {
  for (const status of [204, 205]) {
    const response = await proxyOf({ answer: () => new Response(null, { status }) }).proxy(
      pageRequest(),
    );
    assert.deepEqual([response.status, await response.text()], [status, ""]);
  }
  const strange = Object.create(Response.prototype, {
    status: { value: 999 },
    headers: { value: new Headers() },
    type: { value: "basic" },
    body: { value: null },
  });
  assert.equal((await proxyOf({ answer: () => strange }).proxy(pageRequest())).status, 502);
});

test("messages of the platform about a failure do not reach callers", async () => {
  const { proxy } = proxyOf({
    answer: () => Promise.reject(new TypeError(`fetch failed: ${KEY} at 10.0.0.1`)),
  });
  const response = await proxy(pageRequest());
  assert.deepEqual(
    [response.status, await detailOf(response)],
    [502, "The API could not be reached"],
  );
});

test("one event for each request, with no more than it says", async () => {
  const events = [];
  const body = form(5000);
  const { proxy } = proxyOf({
    onEvent: (event) => events.push(event),
    perUser: { id: async () => "kim", requestsPerMinute: 5 },
  });
  const response = await proxy(pageRequest({ body }));
  assert.equal(events.length, 0, "not before the last byte");
  await response.text();
  await proxy(pageRequest({ headers: { "sec-fetch-site": "cross-site" } }));
  await proxy(pageRequest({ url: "http://localhost:3000/api/theta/secret-path" }));
  assert.deepEqual(
    events.map(({ durationMs, ...event }) => event),
    [
      { endpoint: "/transcribe", status: 200, bytes: body.length, userId: "kim" },
      { endpoint: "/transcribe", status: 403, bytes: 0 },
      { endpoint: undefined, status: 404, bytes: 0 },
    ],
  );
  for (const { durationMs } of events) assert.ok(durationMs >= 0);
});

test("an event for a caller that went away, and for an answer that broke off", async () => {
  const events = [];
  const onEvent = ({ status }) => events.push(status);
  const pending = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"text": "')),
      }),
    );
  const cancelled = await proxyOf({ onEvent, answer: pending }).proxy(pageRequest());
  await cancelled.body.cancel();
  assert.deepEqual(events.splice(0), [499]);

  const broken = () =>
    new Response(new ReadableStream({ start: (controller) => controller.error(new Error(KEY)) }));
  const response = await proxyOf({ onEvent, answer: broken }).proxy(pageRequest());
  await assert.rejects(response.text(), (error) => !error.message.includes(KEY));
  assert.deepEqual(events.splice(0), [502]);

  const controller = new AbortController();
  const { proxy, api } = proxyOf({ onEvent, answer: () => new Promise(() => controller.abort()) });
  assert.equal((await proxy(pageRequest({ signal: controller.signal }))).status, 499);
  assert.ok(api.calls[0].init.signal.aborted, "the request to the API too");
  assert.deepEqual(events.splice(0), [499]);
});

test("an `onEvent` that throws, now or later, harms nothing", async () => {
  for (const onEvent of [
    () => {
      throw new Error("x");
    },
    async () => {
      throw new Error("x");
    },
    () => new Promise(() => {}),
  ]) {
    const response = await proxyOf({ onEvent }).proxy(pageRequest());
    assert.equal((await response.json()).text, "Hi");
  }
});

test("above the quota, each caller has a time of its own to come back", async () => {
  const { proxy, api } = proxyOf({ requestsPerMinute: 30 });
  const responses = await Promise.all(Array.from({ length: 40 }, () => proxy(pageRequest())));
  const refused = responses.filter(({ status }) => status === 429);
  assert.deepEqual([api.calls.length, refused.length], [30, 10]);
  const seconds = refused.map(({ headers }) => Number(headers.get("retry-after")));
  assert.deepEqual(
    seconds,
    [...new Set(seconds)].sort((one, other) => one - other),
    "each later than the one before",
  );
  assert.ok(seconds[0] >= 59 && seconds.at(-1) <= 80, seconds.join());
  assert.match(await detailOf(refused[0]), /^Rate limit exceeded/);
});

test("each key has its own quota, and each user", async () => {
  const perTenant = proxyOf({
    requestsPerMinute: 2,
    apiKey: (request) => `sk-theta-${request.headers.get("x-tenant")}`,
  });
  const status = async ({ proxy }, headers) => (await proxy(pageRequest({ headers }))).status;
  for (const tenant of ["one", "two"]) {
    assert.deepEqual(
      [
        await status(perTenant, { "x-tenant": tenant }),
        await status(perTenant, { "x-tenant": tenant }),
        await status(perTenant, { "x-tenant": tenant }),
      ],
      [200, 200, 429],
    );
  }
  const perUser = proxyOf({
    requestsPerMinute: 5,
    perUser: { id: (request) => request.headers.get("x-user"), requestsPerMinute: 2 },
  });
  for (const user of ["kim", "lee"]) {
    assert.deepEqual(
      [
        await status(perUser, { "x-user": user }),
        await status(perUser, { "x-user": user }),
        await status(perUser, { "x-user": user }),
      ],
      [200, 200, 429],
    );
  }
  assert.deepEqual(
    [await status(perUser, { "x-user": "park" }), await status(perUser, { "x-user": "choi" })],
    [200, 429],
    "the key's",
  );
});

test("requests that the API did not serve get a Retry-After, unless the API sent one", async () => {
  for (const [status, retryAfter, expected] of [
    [429, undefined, /^\d+$/],
    [502, undefined, /^\d+$/],
    [503, undefined, /^\d+$/],
    [503, "7", /^7$/],
    [500, undefined, null],
    [400, undefined, null],
  ]) {
    const headers = retryAfter ? { "retry-after": retryAfter } : {};
    const { proxy } = proxyOf({
      requestsPerMinute: 30,
      answer: () => new Response("{}", { status, headers }),
    });
    const found = (await proxy(pageRequest())).headers.get("retry-after");
    if (expected === null) assert.equal(found, null, `${status}`);
    else assert.match(found, expected, `${status}`);
  }
  const { proxy } = proxyOf({
    requestsPerMinute: 30,
    answer: () => Promise.reject(new TypeError("fetch failed")),
  });
  const response = await proxy(pageRequest());
  assert.equal(response.status, 502);
  assert.match(response.headers.get("retry-after"), /^\d+$/);
});

test("a shared limiter counts by a hash of the key, and spreads callers", async () => {
  const calls = [];
  let consumedPoints = 0;
  const limiter = {
    async consume(id, points) {
      calls.push([id, points]);
      consumedPoints += points;
      if (consumedPoints > 2) throw { msBeforeNext: 4000, consumedPoints, remainingPoints: 0 };
    },
  };
  const { proxy, api } = proxyOf({ limiter, requestsPerMinute: 2 });
  const responses = [];
  for (let call = 0; call < 5; call++) responses.push(await proxy(pageRequest()));
  assert.deepEqual(
    responses.map(({ status }) => status),
    [200, 200, 429, 429, 429],
  );
  assert.deepEqual(
    responses.map(({ headers }) => headers.get("retry-after")),
    [null, null, "4", "35", "65"],
  );
  assert.equal(api.calls.length, 2);
  assert.equal(new Set(calls.map(([id]) => id)).size, 1);
  assert.ok(calls.every(([id, points]) => /^[\da-f]{32}$/.test(id) && points === 1));
});

test("a shared limiter that fails lets calls pass or refuses them, as was said, and the log says it once", async (t) => {
  const failures = [
    async () => {
      throw new Error(`redis is away ${KEY}`);
    },
    () => {
      throw new Error("now");
    },
    async () => {
      throw undefined;
    },
  ];
  for (const consume of failures) {
    for (const [limiterFailure, status] of [
      ["open", 200],
      ["closed", 503],
      [undefined, 503],
    ]) {
      const { proxy } = proxyOf({ limiter: { consume }, limiterFailure });
      const log = await logged(t, async () => {
        for (let call = 0; call < 3; call++) {
          const response = await proxy(pageRequest());
          assert.equal(response.status, status, `${limiterFailure}`);
          assertNoKey(await response.text(), "the response");
        }
      });
      assert.match(log, /^thetaone-web\/server: the limiter failed: .*$/);
      assertNoKey(log, "the log");
      t.mock.restoreAll();
    }
  }
});

test("a shared limiter that never answers fails after a while", async (t) => {
  t.mock.method(console, "error", () => {});
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let onCall;
  const isAsked = new Promise((resolve) => {
    onCall = resolve;
  });
  const limiter = {
    consume: () => {
      onCall();
      return new Promise(() => {});
    },
  };
  const response = proxyOf({ limiter }).proxy(pageRequest());
  await isAsked;
  t.mock.timers.tick(5000);
  assert.equal((await response).status, 503);
});

test("an upload that stands still is a 408, and one that is slow is none", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { readable, writable } = new TransformStream(undefined, { highWaterMark: 1 });
  const writer = writable.getWriter();
  const { proxy } = proxyOf({ timeoutMs: 1000 });
  const response = proxy(pageRequest({ body: readable }));
  let isSettled = false;
  void response.then(() => {
    isSettled = true;
  });
  // The response takes longer than the timeout, but is never silent for that long.
  for (let part = 0; part < 5; part++) {
    await writer.write(new Uint8Array(10));
    await writer.ready;
    t.mock.timers.tick(600);
  }
  await new Promise(setImmediate);
  assert.equal(isSettled, false, "3 s in all");
  t.mock.timers.tick(1000);
  assert.equal((await response).status, 408);
});

test("Vite's plugin needs a key only where a server runs", () => {
  for (const apiKey of [undefined, ""]) {
    const plugin = vitePlugin({ apiKey });
    assert.equal(plugin.name, "thetaone-web");
    for (const hook of ["configureServer", "configurePreviewServer"]) {
      assert.throws(
        () => plugin[hook]({ middlewares: { use() {}, stack: [] } }),
        ConfigurationError,
      );
    }
  }
  assert.throws(() => vitePlugin({ apiKey: "sk-other" }), ConfigurationError);
  assert.throws(() => vitePlugin({ apiKey: KEY, target: "x" }), /target is not an option/);
  for (const path of ["api", "/api/", "/", "/a//b", 5])
    assert.throws(() => vitePlugin({ apiKey: KEY, path }), /options\.path/);
  // Other mistakes are found without a key too, as in `vite build`.
  assert.throws(() => vitePlugin({ target: "x" }), /target is not an option/);
  assert.throws(() => vitePlugin({ apiKey: "", maxBytes: -1 }), /options\.maxBytes/);
  assert.throws(() => vitePlugin(null), { code: "CONFIGURATION" });
});
