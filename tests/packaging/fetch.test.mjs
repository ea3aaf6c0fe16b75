// Tests of a caller's own `fetch`, which may resolve to anything, return false values, throw, or
// reject with anything.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const packages = Object.fromEntries(
  ["undici", "node-fetch"].map((name) => [name, import.meta.resolve(name)]),
);

const run = (body) =>
  installed.run(`
    import { ThetaOne, ThetaOneError } from "thetaone-web";
    import { toneWav } from "thetaone-web/testing";
    const take = toneWav();
    const ok = async () => new Response('{"text":"x"}');
    const theta = (options) =>
      new ThetaOne({ baseUrl: "http://127.0.0.1:9/api", maxConcurrent: 1, deadlineMs: 30_000, attemptTimeoutMs: 3_000, retry: { baseDelayMs: 1 }, ...options });
    const told = (error) =>
      ThetaOneError.is(error) ? { name: error.name, code: error.code, reason: error.reason ?? null, message: error.message, attempts: error.attempts.length, fix: error.fix, hasCause: "cause" in error, json: JSON.stringify(error) } : { name: "a foreign " + typeof error };
    const outcome = (call) => call.then(({ text }) => ({ name: "success", text }), told);
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const thrower = new Proxy({}, { get() { throw new Error("no"); }, has() { throw new Error("no"); }, getPrototypeOf() { throw new Error("no"); } });
    /**
     * Resolves to the outcome of a call with each of these fetches, and whether the client works
     * afterwards.
     */
    const each = async (fetches) => {
      const outcomes = {};
      await Promise.all(Object.entries(fetches).map(async ([name, own]) => {
        let current = own;
        const client = theta({ fetch: (...given) => current(...given) });
        const found = await outcome(client.transcribe(take));
        current = ok;
        // A response that requires a long pause has closed the gate for all calls.
        const isClosed = found.json?.includes("retryAfterMs");
        outcomes[name] = { ...found, after: isClosed ? "closed" : (await outcome(client.transcribe(take))).name };
      }));
      return outcomes;
    };
    const result = await (async () => { ${body} })();
    console.log(JSON.stringify(result));
    process.exit(0);
  `);

test("a call ends in a result or a typed error for any result of fetch, and the client works afterwards", () => {
  const outcomes = run(`
    const real = (members, body = '{"text":"x"}', init) => async () => Object.defineProperties(new Response(body, init), Object.getOwnPropertyDescriptors(members));
    const throws = (name) => ({ get [name]() { throw new Error("no " + name); } });
    const stream = (pull) => async () => new Response(new ReadableStream({ pull }));
    const like = (more) => async () => ({ status: 200, headers: new Headers(), text: async () => '{"text":"x"}', ...more });
    class Lying extends Response { text() { return undefined; } }
    return each({
      "text() that gives a text at once": real({ text: () => '{"text":"y"}' }),
      "text() that gives nothing": real({ text() {} }),
      "text() that gives nothing, of a subclass": async () => new Lying('{"text":"x"}'),
      "text() that throws": real({ text() { throw new Error("no"); } }),
      "text() that rejects with a revoked Proxy": real({ text: async () => { throw revoked; } }),
      "text() that never settles": real({ text: () => new Promise(() => {}) }),
      "text() that gives a thenable that calls back twice": real({ text: () => ({ then(a, b) { a('{"text":"z"}'); a("no"); b(1); } }) }),
      "text() that gives a thenable that throws": real({ text: () => ({ get then() { throw revoked; } }) }),
      "text() that gives a Symbol": real({ text: async () => Symbol("x") }),
      "text() that gives a circle": real({ text: async () => { const a = {}; a.a = a; return a; } }),
      "a status that throws": real(throws("status")),
      "headers that throw": real(throws("headers")),
      "headers.get that throws": like({ headers: { get() { throw new Error("no"); } } }),
      "headers.get of a Response that throws": async () => { const r = new Response('{"text":"x"}'); r.headers.get = () => { throw revoked; }; return r; },
      "headers.get that gives an object": like({ headers: { get: () => ({}) } }),
      "a body that throws": real(throws("body")),
      "a body that was read": async () => { const response = new Response('{"text":"x"}'); await response.text(); return response; },
      "a body that is being read": async () => { const response = new Response('{"text":"x"}'); response.body.getReader(); return response; },
      "a stream of what are no bytes": stream((controller) => controller.enqueue({ byteLength: 5 })),
      "a stream of empty parts for ever": stream((controller) => controller.enqueue(new Uint8Array(0))),
      "a stream that rejects with a revoked Proxy": stream(() => Promise.reject(revoked)),
      "a stream that never gives anything": stream(() => new Promise(() => {})),
      "a Proxy that throws at everything": async () => thrower,
      "a revoked Proxy": async () => revoked,
      "nothing": async () => {},
      "a number": async () => 200,
      "a status of text": like({ status: "200" }),
      "a status of 1000": like({ status: 1000 }),
      "a thenable that never settles": () => ({ then() {} }),
      "a thenable that throws": () => ({ get then() { throw revoked; } }),
      "a thenable that calls back twice": () => ({ then(a, b) { a(new Response('{"text":"t"}')); b(new Error("no")); } }),
      "no promise": () => new Response('{"text":"p"}'),
      "an iterable of Buffers, as node-fetch has it": like({ text: undefined, body: { async *[Symbol.asyncIterator]() { yield Buffer.from('{"text":'); yield Buffer.from('"i"}'); } } }),
    });
  `);
  const expected = {
    "text() that gives a text at once": "success",
    "text() that gives nothing": "InvalidResponseError",
    "text() that gives nothing, of a subclass": "InvalidResponseError",
    "text() that throws": "InvalidResponseError",
    "text() that rejects with a revoked Proxy": "InvalidResponseError",
    "text() that never settles": "TimeoutError",
    "text() that gives a thenable that calls back twice": "success",
    "text() that gives a thenable that throws": "InvalidResponseError",
    "text() that gives a Symbol": "InvalidResponseError",
    "text() that gives a circle": "InvalidResponseError",
    "a body that throws": "ConfigurationError",
    "headers.get that gives an object": "success",
    "a stream of what are no bytes": "InvalidResponseError",
    "a stream of empty parts for ever": "TimeoutError",
    "a stream that rejects with a revoked Proxy": "InvalidResponseError",
    "a stream that never gives anything": "TimeoutError",
    "a thenable that never settles": "TimeoutError",
    "a thenable that calls back twice": "success",
    "no promise": "success",
    "an iterable of Buffers, as node-fetch has it": "success",
  };
  for (const [name, found] of Object.entries(outcomes)) {
    assert.equal(
      found.name,
      expected[name] ?? "ConfigurationError",
      `${name}: ${JSON.stringify(found)}`,
    );
    assert.equal(found.after, "success", name);
    if (found.name !== "success") assert.equal(found.attempts, 1, name);
  }
});

test("a Response of another package is read like one of the runtime's own", () => {
  const outcomes = run(`
    const undici = await import(${JSON.stringify(packages.undici)});
    const nodeFetch = await import(${JSON.stringify(packages["node-fetch"])});
    const { runInNewContext } = await import("node:vm");
    const outcomes = {};
    for (const [name, Foreign] of Object.entries({ undici: undici.Response, "node-fetch": nodeFetch.Response })) {
      const fetches = {
        success: async () => new Foreign('{"text":"x"}'),
        refused: async () => new Foreign('{"detail":"Insufficient credits, please check your credit balance"}', { status: 402 }),
        limited: async () => new Foreign("", { status: 429, headers: { "Retry-After": "400" } }),
      };
      for (const [kind, found] of Object.entries(await each(fetches))) outcomes[name + " " + kind] = found;
    }
    const realm = runInNewContext("({ bytes: new Uint8Array([123, 125]), error: new TypeError('fetch failed') })");
    const own = { foreign: async () => new Response(new ReadableStream({ start(c) { c.enqueue(realm.bytes); c.close(); } }), { status: 402 }) };
    Object.assign(outcomes, await each(own));
    outcomes.error = await outcome(theta({ fetch: async () => { throw realm.error; } }).transcribe(take));
    return outcomes;
  `);
  for (const [name, found] of Object.entries(outcomes)) {
    const kinds = {
      success: ["success"],
      refused: ["PaymentRequiredError", "insufficient_credits"],
      limited: ["RateLimitError", null],
      foreign: ["PaymentRequiredError", "unknown"],
      error: ["ConnectionError", "unreachable"],
    };
    const [wanted, reason] = kinds[name.split(" ").at(-1)];
    assert.equal(found.name, wanted, `${name}: ${JSON.stringify(found)}`);
    if (reason !== undefined) assert.equal(found.reason, reason, name);
    // Five minutes are the longest wait.
    if (name.endsWith("limited")) assert.match(found.json, /"retryAfterMs":400000/);
  }
});

test("a status says more than a body that lies", () => {
  const outcomes = run(`
    const refusals = {};
    for (const status of [401, 402, 413]) {
      for (const [kind, text] of Object.entries({ nothing() {}, throws() { throw revoked; }, rejects: async () => { throw thrower; }, never: () => new Promise(() => {}) })) {
        refusals[status + " " + kind] = async () => Object.assign(new Response("", { status }), { text });
      }
      refusals[status + " with a Retry-After that no header can hold"] = async () => ({ status, headers: { get: () => "３초\\n" }, text: async () => "" });
    }
    return each(refusals);
  `);
  const names = {
    401: "AuthenticationError",
    402: "PaymentRequiredError",
    413: "PayloadTooLargeError",
  };
  for (const [name, found] of Object.entries(outcomes)) {
    assert.equal(found.name, names[name.slice(0, 3)], name);
    assert.equal(found.attempts, 1, name);
  }
});

test("a mistake ends the call at once, and only what looks like the network is tried again", () => {
  const outcomes = run(`
    const error = (name, message, more) => Object.assign(new Error(message), { name, ...more });
    const type = (message, more) => Object.assign(new TypeError(message), more);
    const network = {
      "Chromium": type("Failed to fetch"),
      "Firefox": type("NetworkError when attempting to fetch resource."),
      "WebKit": type("Load failed"),
      "WebKit, more": type("The network connection was lost."),
      "Node": type("fetch failed", { cause: error("Error", "connect ECONNREFUSED 127.0.0.1:9", { code: "ECONNREFUSED" }) }),
      "Node, closed": type("fetch failed", { cause: error("SocketError", "other side closed", { code: "UND_ERR_SOCKET" }) }),
      "Node, DNS": type("fetch failed", { cause: error("Error", "getaddrinfo ENOTFOUND x", { code: "ENOTFOUND" }) }),
      "undici": error("SocketError", "other side closed", { code: "UND_ERR_SOCKET" }),
      "node-fetch": error("FetchError", "request to http://x/ failed, reason: connect ECONNREFUSED", { type: "system", code: "ECONNREFUSED" }),
      "axios": error("AxiosError", "Network Error", { code: "ERR_NETWORK" }),
      "React Native": type("Network request failed"),
      "Electron": new Error("net::ERR_NAME_NOT_RESOLVED"),
      "Electron, timeout": new Error("net::ERR_TIMED_OUT"),
      "Safari, DNS": type("A server with the specified hostname could not be found."),
      "Safari in Korean": type("네트워크 연결이 유실되었습니다."),
      "Deno": type("error sending request for url (http://x/): client error (Connect)"),
      "Bun": error("Error", "Unable to connect. Is the computer able to access the url?", { code: "ConnectionRefused" }),
      "a DOMException": new DOMException("A network error occurred.", "NetworkError"),
      "a text": "Network Error",
    };
    const mistakes = {
      "ReferenceError": new ReferenceError("token is not defined"),
      "SyntaxError": new SyntaxError("Unexpected token < in JSON"),
      "RangeError": new RangeError("Maximum call stack size exceeded"),
      "an Error in Korean": new Error("로그인이 필요합니다."),
      "of undefined": type("Cannot read properties of undefined (reading 'connection')"),
      "not a function": type("this.network.send is not a function"),
      "Firefox": type('can\\'t access property "x", network is undefined'),
      "WebKit": type("undefined is not an object (evaluating 'network.x')"),
      "not iterable": type("headers is not iterable"),
      "Invalid URL": type("Invalid URL"),
      "no URL": type("Failed to parse URL from /api/transcribe", { cause: error("TypeError", "Invalid URL", { code: "ERR_INVALID_URL" }) }),
      "undici's arguments": type("fetch failed", { cause: error("InvalidArgumentError", "invalid connection header", { code: "UND_ERR_INVALID_ARG" }) }),
      "ky": error("HTTPError", "Request failed with status code 402 Payment Required", { response: new Response("", { status: 402 }) }),
      "axios": error("AxiosError", "Request failed with status code 503, network", { response: { status: 503 }, code: "ERR_BAD_RESPONSE" }),
      "an Error of the caller's": new Error("no session"),
      "nothing": undefined,
      "null": null,
      "a number": 7,
      "a text": "no session",
      "a revoked Proxy": revoked,
      "a Proxy that throws": thrower,
    };
    const clocks = {
      "AbortSignal.timeout": new DOMException("The operation was aborted due to timeout", "TimeoutError"),
      "ky's clock": error("TimeoutError", "Request timed out: POST http://x/"),
    };
    const aborts = {
      "a signal of the caller's": new DOMException("This operation was aborted", "AbortError"),
      "axios, canceled": error("CanceledError", "canceled", { code: "ERR_CANCELED" }),
    };
    const rejecting = (causes) => Object.fromEntries(Object.entries(causes).flatMap(([name, cause]) => [
      [name + ", rejected", () => Promise.reject(cause)],
      [name + ", thrown", () => { throw cause; }],
    ]));
    return [await each(rejecting(network)), await each(rejecting(mistakes)), await each(rejecting(clocks)), await each(rejecting(aborts))];
  `);
  const kinds = [
    ["ConnectionError", 3],
    ["ConfigurationError", 1],
    ["TimeoutError", 1],
    ["AbortError", 1],
  ];
  kinds.forEach(([name, attempts], index) => {
    for (const [title, found] of Object.entries(outcomes[index])) {
      assert.deepEqual(
        [found.name, found.attempts, found.after],
        [name, attempts, "success"],
        `${title}: ${JSON.stringify(found)}`,
      );
      assert.equal(found.hasCause, !title.startsWith("nothing"), title);
    }
  });
  const [, mistakes] = outcomes;
  assert.match(mistakes["ky, rejected"].message, /throwHttpErrors: false/);
  assert.match(mistakes["ReferenceError, thrown"].message, /token is not defined/);
});

test("a retry waits, whatever the page has made of Math.random", () => {
  const results = run(`
    const results = [];
    for (const random of [() => { throw new Error("no"); }, () => undefined, () => NaN, () => 1n, () => Symbol(), () => -1, () => 7, () => revoked, () => "0.5"]) {
      let calls = 0;
      const fetch = async () => (calls++ === 0 ? new Response("", { status: 503 }) : ok());
      const { random: original } = Math;
      Math.random = random;
      results.push((await outcome(theta({ fetch }).transcribe(take))).name, calls);
      Math.random = original;
    }
    return results;
  `);
  assert.deepEqual(results, Array.from({ length: 9 }, () => ["success", 2]).flat());
});

test("an address that is relative to nothing is a mistake, said at once", () => {
  const { found, mocked } = run(`
    return {
      found: await outcome(theta({ baseUrl: "/api/theta" }).transcribe(take)),
      mocked: await outcome(theta({ baseUrl: "/api/theta", fetch: ok }).transcribe(take)),
    };
  `);
  assert.deepEqual([found.name, found.attempts, found.hasCause], ["ConfigurationError", 1, true]);
  assert.match(found.message, /options\.baseUrl must be absolute/);
  assert.equal(mocked.name, "success");
});

test("a fetch of another FormData is found out before anything is sent", () => {
  const outcomes = run(`
    const { createServer } = await import("node:http");
    const bodies = [];
    const server = createServer((request, response) => {
      let text = "";
      request.setEncoding("latin1").on("data", (part) => (text += part)).on("end", () => {
        bodies.push(text.slice(0, 200));
        response.end('{"text":"x"}');
      });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = "http://127.0.0.1:" + server.address().port;
    const { default: nodeFetch } = await import(${JSON.stringify(packages["node-fetch"])});
    const undici = await import(${JSON.stringify(packages.undici)});
    /** Behaves as undici 8, which Node 20 cannot load. */
    const undici8 = async (url, init) => fetch(url, { ...init, body: init.body instanceof undici.FormData ? init.body : String(init.body) });
    const written = (write) => (url, init) => fetch(url, { ...init, body: write(init.body) });
    const outcomes = {};
    const others = { "by toString": written((body) => body.toString()), "by a template": written((body) => \`\${body}\`), "by a Blob": written((body) => new Blob([body])) };
    for (const [name, own] of Object.entries({ ...others, "node-fetch": nodeFetch, undici: undici.fetch, "undici 8": undici8, own: fetch })) {
      outcomes[name] = await outcome(theta({ baseUrl, fetch: own, attemptTimeoutMs: 30_000 }).transcribe(take));
    }
    return { outcomes, bodies };
  `);
  const { own, ...others } = outcomes.outcomes;
  assert.equal(own.name, "success");
  let uploads = 1;
  for (const [name, found] of Object.entries(others)) {
    // A version of undici that accepts Node's FormData uploads it.
    if (name === "undici" && found.name === "success") uploads += 1;
    else
      assert.deepEqual(
        [found.name, found.attempts],
        ["ConfigurationError", 1],
        `${name}: ${JSON.stringify(found)}`,
      );
    if (found.name !== "success")
      assert.match(found.message, /turned the FormData into text/, name);
  }
  assert.equal(outcomes.bodies.length, uploads);
  for (const body of outcomes.bodies)
    assert.match(body, /content-disposition: form-data; name="file"/i);
});

test("headers that describe the body are refused by name, before anything is sent", () => {
  const outcomes = run(`
    let requests = 0;
    const fetch = async () => { requests += 1; return new Response('{"text":"x"}'); };
    const outcomes = [];
    for (const name of ["Content-Type", "content-type", "CONTENT-TYPE", "Content-Length", "content-encoding", "Transfer-Encoding", "Expect"]) {
      for (const headers of [{ [name]: "1" }, () => ({ [name]: "1" }), [[name, "1"]], new Headers({ [name]: "1" })]) {
        outcomes.push([name, await outcome(theta({ fetch, headers }).transcribe(take))]);
      }
    }
    const undefinedOnes = await outcome(theta({ fetch, headers: { "content-type": undefined, accept: "*/*" } }).transcribe(take));
    return { outcomes, requests, undefinedOnes };
  `);
  for (const [name, found] of outcomes.outcomes) {
    assert.deepEqual([found.name, found.attempts], ["ConfigurationError", 0], name);
    assert.match(found.message, new RegExp(`options\\.headers must not hold ${name}:`, "i"));
  }
  assert.equal(outcomes.undefinedOnes.name, "success");
  assert.equal(outcomes.requests, 1);
});

test("a device that is offline still reaches a server of its own", () => {
  const outcomes = run(`
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: { onLine: false } });
    globalThis.addEventListener = () => {};
    const outcomes = {};
    const urls = ["http://localhost:1", "http://127.0.0.1", "http://127.8.9.1", "http://127.1", "http://[::1]:8080", "http://[::ffff:127.0.0.1]", "http://api.localhost", "http://LOCALHOST.", "http://0.0.0.0",
      "http://localhost.example", "http://127.example", "http://10.0.0.1", "http://[::2]", "https://example.com"];
    for (const url of urls) outcomes[url] = await outcome(theta({ baseUrl: url + "/api", fetch: ok, deadlineMs: /example|10\\.0|::2/.test(url) ? 150 : 30_000 }).transcribe(take));
    globalThis.location = new URL("http://localhost:3000/page");
    outcomes.relative = await outcome(theta({ baseUrl: "/api", fetch: ok }).transcribe(take));
    const down = await outcome(theta({ baseUrl: "http://localhost:1", fetch: async () => { throw new TypeError("fetch failed"); }, retry: { maxAttempts: 1 } }).transcribe(take));
    return { outcomes, down };
  `);
  const elsewhere = /example|10\.0|::2/;
  for (const [url, found] of Object.entries(outcomes.outcomes)) {
    assert.equal(
      found.name,
      elsewhere.test(url) ? "TimeoutError" : "success",
      `${url}: ${JSON.stringify(found)}`,
    );
  }
  assert.equal(outcomes.down.reason, "unreachable");
});

test("neither a redirect to another origin is followed nor the answer of one that was", () => {
  const { found, elsewhere } = run(`
    const { createServer } = await import("node:http");
    const elsewhere = [];
    const listening = async (answer) => {
      const server = createServer(answer);
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      return "http://127.0.0.1:" + server.address().port;
    };
    const other = await listening((request, response) => {
      let bytes = 0;
      request.on("data", (part) => (bytes += part.length)).on("end", () => {
        elsewhere.push([request.headers["x-token"] ?? null, bytes]);
        response.end('{"text":"elsewhere"}');
      });
    });
    const baseUrl = await listening((request, response) => {
      request.resume();
      response.writeHead(307, { location: other + request.url }).end();
    });
    const headers = { "x-token": "secret" };
    const follow = (url, init) => fetch(url, { ...init, redirect: "follow" });
    const found = [];
    for (const options of [{}, { fetch }, { fetch: (...given) => fetch(...given) }]) {
      found.push(await outcome(theta({ baseUrl, headers, attemptTimeoutMs: 30_000, ...options }).transcribe(take)));
    }
    const sent = elsewhere.length;
    // A fetch that follows redirects by itself has already sent the recording elsewhere.
    found.push(await outcome(theta({ baseUrl, headers, attemptTimeoutMs: 30_000, fetch: follow }).transcribe(take)));
    return { found, elsewhere: sent };
  `);
  assert.equal(elsewhere, 0);
  for (const { name, attempts, fix } of found) {
    assert.deepEqual([name, attempts], ["UnexpectedStatusError", 1]);
    assert.match(fix, /baseUrl/);
  }
});

test("no more of a body is read than a message needs, or a result", () => {
  const outcomes = run(`
    const pouring = (status, content = new Uint8Array(65_536).fill(32)) => {
      const poured = { bytes: 0, isCancelled: false };
      const fetch = async () => new Response(new ReadableStream({
        pull(controller) { poured.bytes += content.length; controller.enqueue(content); },
        cancel() { poured.isCancelled = true; },
      }), { status });
      return { poured, fetch };
    };
    const outcomes = [];
    for (const status of [200, 400, 402, 500]) {
      const { poured, fetch } = pouring(status);
      const found = await outcome(theta({ fetch, attemptTimeoutMs: 30_000, retry: { maxAttempts: 1 } }).transcribe(take));
      outcomes.push({ status, name: found.name, message: found.message, ...poured });
    }
    return outcomes;
  `);
  for (const { status, name, bytes, isCancelled, message } of outcomes) {
    assert.ok(isCancelled, String(status));
    const limit = status === 200 ? 16 << 20 : 65_536;
    assert.ok(bytes > limit && bytes <= limit + 3 * 65_536, `${status}: ${bytes} bytes`);
    if (status === 200) assert.match(message, /longer than 16 MiB/);
    assert.match(name, /^(InvalidResponse|BadRequest|PaymentRequired|Server)Error$/);
  }
});
