// Tests of the contract of the proxy, for every runtime.

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

import { FORM, answered, form, open, ownPage, send, sendRaw } from "./client.mjs";
import { ALLOWED_ORIGIN } from "./options.mjs";
import { KEY, RESULT, succeed } from "./upstream.mjs";

const ENDPOINTS = ["transcribe", "analyze-native", "pronunciation", "pronunciation-simple"];

/** Paths below the proxy's that must not reach the API. */
const NO_ENDPOINTS = [
  "/",
  "/scenarios",
  "/transcribe/",
  "/transcribe.json",
  "/transcribe%00",
  "/transcribe%20",
  "/transcribe;x",
  "/transcribe%2f",
  "/%74ranscribe",
  "/../scenarios",
  "/..%2fscenarios",
  "/%2e%2e/scenarios",
  "/%2e%2e%2fscenarios",
  "/..%5cscenarios",
  "/..%252fscenarios",
  "/%c0%ae%c0%ae/scenarios",
  "/....//scenarios",
  "/transcribe/../../scenarios",
  "/transcribe/..%2f..%2fscenarios",
  "/TRANSCRIBE",
  "/transcribe%0d%0ax-injected:%201",
  "//evil.example/scenarios",
  "/transcribe%3fx",
  "/transcribe%23x",
];

const METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Headers that the proxy refuses without a request to the API. `host` is the proxy's own. */
const FOREIGN = [
  ["nothing said", () => ({ "sec-fetch-site": undefined })],
  ["a page of another site", () => ({ "sec-fetch-site": "cross-site" })],
  ["a page of a sister site", () => ({ "sec-fetch-site": "same-site" })],
  ["an address that was typed", () => ({ "sec-fetch-site": "none" })],
  [
    "an origin that is another",
    () => ({ "sec-fetch-site": undefined, origin: "https://evil.example" }),
  ],
  [
    "an origin on another port",
    () => ({ "sec-fetch-site": undefined, origin: "http://localhost:1" }),
  ],
  [
    "an origin that is like ours",
    (host) => ({ "sec-fetch-site": undefined, origin: `http://${host}.evil.example` }),
  ],
  ["an opaque origin", () => ({ "sec-fetch-site": undefined, origin: "null" })],
  ["an origin that is none", () => ({ "sec-fetch-site": undefined, origin: "localhost" })],
  [
    "two origins",
    (host) => ({ "sec-fetch-site": undefined, origin: `http://${host}, https://evil.example` }),
  ],
  [
    "our origin from another site",
    (host) => ({ "sec-fetch-site": "cross-site", origin: `http://${host}` }),
  ],
  [
    "another origin from our site",
    () => ({ "sec-fetch-site": "same-origin", origin: "https://evil.example" }),
  ],
  ["an opaque origin from our site", () => ({ "sec-fetch-site": "same-origin", origin: "null" })],
  ["only a referrer", (host) => ({ "sec-fetch-site": undefined, referer: `http://${host}/page` })],
  [
    "an origin that is almost allowed",
    () => ({ "sec-fetch-site": "cross-site", origin: "https://app.example.evil.example" }),
  ],
];

const OWN = [
  ["Sec-Fetch-Site alone", () => ({})],
  ["Sec-Fetch-Site and Origin", (host) => ({ origin: `http://${host}` })],
  ["Origin alone", (host) => ({ "sec-fetch-site": undefined, origin: `http://${host}` })],
  ["an allowed origin", () => ({ "sec-fetch-site": "cross-site", origin: ALLOWED_ORIGIN })],
];

/** Ways in which servers repeat a key. */
const ECHOES = {
  plain: (key) => key,
  "in capitals": (key) => key.toUpperCase(),
  "for a URL": encodeURIComponent,
  "for a URL, every character": (key) =>
    Array.from(key, (c) => `%${c.charCodeAt(0).toString(16)}`).join(""),
  "for a URL, twice": (key) => encodeURIComponent(encodeURIComponent(key)),
  "in JSON, every character": (key) =>
    Array.from(key, (c) => `\\u00${c.charCodeAt(0).toString(16)}`).join(""),
  "in JSON, with slashes": (key) => key.replaceAll("/", "\\/"),
  "in HTML": (key) => Array.from(key, (c) => `&#${c.charCodeAt(0)};`).join(""),
  "in HTML, hexadecimal": (key) =>
    Array.from(key, (c) => `&#x${c.charCodeAt(0).toString(16)};`).join(""),
  "in base64": btoa,
  "in base64, of a header": (key) => btoa(`x-api-key: ${key}\r\n`),
  "in base64, of another header": (key) => btoa(`X-Api-Key=${key};`),
  "in base64 for URLs": (key) => btoa(`key=${key}`).replaceAll("+", "-").replaceAll("/", "_"),
  "in hexadecimal": (key) => Buffer.from(key).toString("hex"),
  "without its prefix": (key) => key.slice("sk-theta-".length),
  "cut off": (key) => key.slice(0, 20),
};

/** Returns `text` decoded from every encoding in which it may contain the secret. */
function decodings(text) {
  const unescaped = (from) =>
    from
      .replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      .replace(/\\u00([\da-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      .replace(/&#x([\da-f]+);/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
      .replaceAll("\\/", "/");
  const found = [text, unescaped(text), unescaped(unescaped(text))];
  for (const [run] of text.matchAll(/[\w+/=-]{12,}/g)) {
    for (const from of [0, 1, 2, 3])
      found.push(Buffer.from(run.slice(from), "base64").toString("latin1"));
    found.push(Buffer.from(run, "hex").toString("latin1"));
  }
  return found;
}

/** Fails if `text` contains the key or 8 characters of it, in any encoding. */
export function assertNoKey(text, message) {
  const secret = KEY.slice("sk-theta-".length).toLowerCase();
  for (const decoded of decodings(text)) {
    for (let at = 0; at + 8 <= secret.length; at++) {
      assert.ok(!decoded.toLowerCase().includes(secret.slice(at, at + 8)), `${message}: ${text}`);
    }
  }
}

const headersOf = (response) => JSON.stringify(response.headers);

/**
 * Asserts that the response has only the documented headers, and those that the server adds itself.
 */
function assertOnlyPromised(response) {
  const known = new Set([
    "content-type",
    "retry-after",
    "cache-control",
    "x-content-type-options",
    "vary",
    "allow",
    "date",
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "server",
    "x-powered-by",
  ]);
  const other = Object.keys(response.headers).filter((name) => !known.has(name));
  assert.deepEqual(other, [], headersOf(response));
  assert.equal(response.headers["cache-control"], "no-store");
  assert.equal(response.headers["x-content-type-options"], "nosniff");
}

function assertRefusal(response, status) {
  assert.equal(response.status, status, response.text);
  assert.match(response.headers["content-type"], /^application\/json/);
  assert.equal(typeof JSON.parse(response.text).detail, "string");
  assertOnlyPromised(response);
}

/**
 * Registers the tests of the contract in `t` for the proxy at `url` + `path`, which has
 * `contractOptions` of `upstream`. `routes` is true if a router before the proxy handles unknown
 * endpoints itself. `lacks` names the checks that do not apply to a server.
 */
export async function contract(
  t,
  { url, path = "/api/theta", upstream, routes = false, lacks = [] },
) {
  const host = new URL(url).host;
  const call = (endpoint = "transcribe", options) => send(url, `${path}/${endpoint}`, options);
  const check = (name, steps) =>
    t.test(name, { skip: lacks.includes(name) && "not in this server" }, async (t) => {
      upstream.requests.length = 0;
      upstream.answer = succeed;
      await steps(t);
    });
  const untouched = () =>
    assert.deepEqual(
      upstream.requests.map(({ url }) => url),
      [],
    );

  await check("only the content type and the body go up, with the key", async () => {
    const body = form();
    let received;
    upstream.answer = async (request, response) => {
      received = Buffer.concat(await request.toArray());
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(RESULT));
    };
    const headers = {
      cookie: "session=1",
      authorization: "Bearer secret",
      referer: "http://localhost/page",
      "x-api-key": "sk-theta-mine",
      "x-forwarded-for": "1.2.3.4",
      "x-custom": "secret",
      "accept-language": "ko-secret",
      "user-agent": "secret",
    };
    for (const endpoint of ENDPOINTS) {
      const response = await call(endpoint, { body, headers });
      assert.equal(response.status, 200, response.text);
      assert.deepEqual(JSON.parse(response.text), RESULT);
      assertOnlyPromised(response);
      assert.ok(received.equals(body), endpoint);
      const { method, url, headers: sent, rawHeaders } = upstream.requests.at(-1);
      assert.deepEqual([method, url], ["POST", `/${endpoint}`]);
      assert.equal(sent["x-api-key"], KEY);
      assert.equal(sent["content-type"], FORM);
      assert.ok(
        sent["content-length"] === String(body.length) ||
          (sent["content-length"] === undefined && sent["transfer-encoding"] === "chunked"),
      );
      for (const name of [
        "cookie",
        "authorization",
        "referer",
        "x-forwarded-for",
        "x-custom",
        "origin",
      ])
        assert.equal(sent[name], undefined, name);
      assert.doesNotMatch(rawHeaders.join("\n"), /secret|mine|session/);
    }
  });

  await check("only status, content type, Retry-After and body come down", async () => {
    for (const status of [400, 401, 402, 413, 422, 429, 500, 502, 503, 504]) {
      upstream.answer = async (request, response) => {
        for await (const _ of request);
        response.writeHead(status, {
          "content-type": "application/problem+json",
          "retry-after": "7",
          "set-cookie": ["a=1", "b=2"],
          "x-secret": "1",
          "access-control-allow-origin": "*",
          "content-disposition": "attachment",
          "cache-control": "public, max-age=60",
          "www-authenticate": "Basic",
        });
        response.end(`{"detail":"status ${status} – 열쇠"}`);
      };
      const response = await call();
      assert.equal(response.status, status);
      assert.equal(response.text, `{"detail":"status ${status} – 열쇠"}`);
      assert.equal(response.headers["content-type"], "application/problem+json");
      assert.equal(response.headers["retry-after"], "7");
      assertOnlyPromised(response);
    }
  });

  await check("nothing but the four endpoints is reached, however it is spelled", async () => {
    for (const bad of NO_ENDPOINTS) {
      const response = await send(url, path + bad);
      assert.ok(response.status >= 300 && response.status < 500, `${bad}: ${response.status}`);
      if (!routes) assertRefusal(response, 404);
      untouched();
    }
  });

  await check("only POST is answered", async () => {
    for (const method of METHODS) {
      const response = await call("transcribe", { method });
      assert.ok(
        [404, 405].includes(response.status) || (routes && method === "OPTIONS"),
        `${method}: ${response.status}`,
      );
      if (!routes && method !== "HEAD") assertRefusal(response, 405);
      untouched();
    }
  });

  await check("only a page that proves to be of this site may call", async () => {
    for (const [name, headers] of FOREIGN) {
      assertRefusal(await call("transcribe", { headers: headers(host) }), 403);
      assert.deepEqual(upstream.requests, [], name);
    }
    for (const [name, headers] of OWN) {
      const response = await call("transcribe", { headers: headers(host) });
      assert.equal(response.status, 200, `${name}: ${response.text}`);
    }
  });

  await check("a name that was made to point here is refused", async () => {
    const { port } = new URL(url);
    for (const name of [
      `evil.example:${port}`,
      "evil.example",
      `localhost.evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
    ]) {
      for (const headers of [
        { ...ownPage, origin: `http://${name}` },
        { "x-forwarded-host": "localhost" },
        { forwarded: "host=localhost" },
      ]) {
        const response = await call("transcribe", { headers: { host: name, ...headers } });
        assert.equal(response.status, 403, `${name}: ${response.text}`);
        untouched();
      }
    }
  });

  await check("another origin that is allowed may call and read, and no other", async () => {
    const ask = (origin) =>
      call("transcribe", {
        method: "OPTIONS",
        headers: {
          origin,
          "sec-fetch-site": "cross-site",
          "content-type": undefined,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type",
        },
      });
    const asked = await ask(ALLOWED_ORIGIN);
    assert.equal(asked.status, 204);
    assert.equal(asked.headers["access-control-allow-origin"], ALLOWED_ORIGIN);
    assert.equal(asked.headers["access-control-allow-methods"], "POST");
    assert.equal(asked.headers["access-control-allow-headers"], "authorization,content-type");
    assert.match(asked.headers.vary, /\bOrigin\b/);
    const refused = await ask("https://evil.example");
    assert.equal(refused.headers["access-control-allow-origin"], undefined);
    const headers = { origin: ALLOWED_ORIGIN, "sec-fetch-site": "cross-site" };
    for (const response of [
      await call("transcribe", { headers }),
      await call("transcribe", { headers: { ...headers, "content-type": "text/plain" } }),
    ]) {
      assert.equal(response.headers["access-control-allow-origin"], ALLOWED_ORIGIN);
      assert.equal(response.headers["access-control-expose-headers"], "Retry-After");
      assert.match(response.headers.vary, /\bOrigin\b/);
    }
    const own = await call();
    assert.match(own.headers.vary, /\bOrigin\b/);
    assert.equal(own.headers["access-control-allow-origin"], undefined);
  });

  await check("what is no form is refused", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/json",
      "multipart/form-data",
      "multipart/mixed; boundary=x",
    ]) {
      const response = await call("transcribe", {
        body: Buffer.from("{}"),
        headers: { "content-type": type },
      });
      assert.equal(response.status, 415, `${type}: ${response.text}`);
      assert.equal(typeof JSON.parse(response.text).detail, "string");
      untouched();
    }
  });

  await check(
    "an upload that says it is too large is refused at once, and the caller hears of it",
    async () => {
      const response = await call("transcribe", { body: form(3_000_000) });
      assertRefusal(response, 413);
      untouched();
    },
  );

  await check("whoever is refused hears of it, however large the upload", async () => {
    for (const isChunked of [false, true]) {
      const body = form(900_000);
      assertRefusal(
        await call("transcribe", { body, isChunked, headers: { "sec-fetch-site": "cross-site" } }),
        403,
      );
      assert.equal(
        (await call("transcribe", { body, isChunked, headers: { "content-type": "text/plain" } }))
          .status,
        415,
      );
    }
    untouched();
  });

  await check(
    "an upload that becomes too large is refused, and the caller hears of it",
    async () => {
      upstream.answer = async (request) => {
        for await (const _ of request);
      };
      const response = await call("transcribe", { body: form(3_000_000), isChunked: true });
      assertRefusal(response, 413);
      for (const { closed } of upstream.requests) await closed;
      upstream.answer = succeed;
      assert.equal(
        (await call("transcribe", { body: form(900_000), isChunked: true })).status,
        200,
        "within the limit",
      );
    },
  );

  for (const [how, echo] of Object.entries(ECHOES)) {
    await check(`the key does not come back ${how}`, async () => {
      for (const status of [401, 200]) {
        // The body is split anywhere, as in networks.
        for (const parts of [1, 7]) {
          upstream.answer = async (request, response) => {
            for await (const _ of request);
            const detail = `{"detail": "before ${echo(KEY)} after"}`;
            response.writeHead(status, {
              "content-type": `application/json; key=${how === "plain" ? KEY : "x"}`,
            });
            response.flushHeaders();
            for (let at = 0; at < detail.length; at += Math.ceil(detail.length / parts)) {
              response.write(detail.slice(at, at + Math.ceil(detail.length / parts)));
              await new Promise(setImmediate);
            }
            response.end();
          };
          const response = await call();
          assert.equal(response.status, status);
          assertNoKey(response.text, how);
          assertNoKey(headersOf(response), how);
          assert.match(response.text, /^\{"detail": "before .* ?after"\}$/);
        }
      }
    });
  }

  await check("an upstream that compresses is understood", async () => {
    const codings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
    upstream.answer = async (request, response) => {
      for await (const _ of request);
      response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "unknown" })
        .end("\x1f\x9d");
    };
    assertRefusal(await call(), 502);
    for (const [coding, compress] of Object.entries(codings)) {
      upstream.answer = async (request, response) => {
        for await (const _ of request);
        const detail = JSON.stringify({ detail: `so it is ${KEY}` });
        response
          .writeHead(400, { "content-type": "application/json", "content-encoding": coding })
          .end(compress(detail));
      };
      const response = await call();
      // Not every runtime decodes deflate. A body that is not decoded must not pass.
      if (coding === "deflate" && response.status === 502) continue;
      assert.equal(response.status, 400, coding);
      assert.match(JSON.parse(response.text).detail, /^so it is sk-theta-\*\*\*$/, coding);
      assertNoKey(response.text, coding);
    }
  });

  await check("redirects are not followed", async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      upstream.answer = async (request, response) => {
        for await (const _ of request);
        response.writeHead(status, { location: `/elsewhere?key=${KEY}` }).end();
      };
      const response = await call();
      assertRefusal(response, 502);
      assertNoKey(headersOf(response) + response.text, "redirect");
    }
    assert.deepEqual(new Set(upstream.requests.map(({ url }) => url)), new Set(["/transcribe"]));
  });

  await check("an API that hangs up is a 502", async () => {
    upstream.answer = async (request, response) => {
      for await (const _ of request);
      response.destroy();
    };
    assertRefusal(await call(), 502);
  });

  await check("an API that is silent is a 504", async () => {
    upstream.answer = async (request) => {
      for await (const _ of request);
    };
    assertRefusal(await call(), 504);
    await upstream.requests[0].closed;
  });

  await check("an API that answers before it has read the upload is heard", async () => {
    upstream.answer = (_request, response) => {
      response
        .writeHead(401, { "content-type": "application/json" })
        .end('{"detail":"Invalid API key"}');
    };
    for (const isChunked of [false, true, false]) {
      const response = await call("transcribe", { body: form(100_000), isChunked });
      assert.equal(response.status, 401, response.text);
      assert.equal(JSON.parse(response.text).detail, "Invalid API key");
    }
  });

  await check("a body goes up while it comes", async () => {
    const { promise: first, resolve: hasCome } = withResolvers();
    upstream.answer = async (request, response) => {
      request.once("data", hasCome);
      await succeed(request, response);
    };
    const body = form(400_000);
    const outgoing = open(url, `${path}/transcribe`, { headers: ownPage });
    const response = answered(outgoing);
    outgoing.write(body.subarray(0, 200_000));
    await first;
    outgoing.end(body.subarray(200_000));
    assert.equal((await response).status, 200);
  });

  await check("a response comes down while it is made", async () => {
    const { promise: rest, resolve: go } = withResolvers();
    upstream.answer = async (request, response) => {
      for await (const _ of request);
      response.writeHead(200, { "content-type": "application/json" });
      response.write(`{"text": "${"first ".repeat(2000)}`);
      await rest;
      response.end('last"}');
    };
    const outgoing = open(url, `${path}/transcribe`, { headers: ownPage });
    outgoing.end(form());
    const [incoming] = await once(outgoing, "response");
    const [chunk] = await once(incoming, "data");
    assert.ok(String(chunk).startsWith('{"text": "first first'));
    go();
    let text = String(chunk);
    for await (const more of incoming) text += more;
    assert.equal(JSON.parse(text).text.slice(-10), "first last");
  });

  await check("a caller that goes away while the API works is told to the API", async () => {
    const { promise: working, resolve: works } = withResolvers();
    upstream.answer = async (request) => {
      for await (const _ of request);
      works();
    };
    const outgoing = open(url, `${path}/transcribe`, { headers: ownPage });
    outgoing.end(form());
    await working;
    outgoing.destroy();
    await upstream.requests[0].closed;
  });

  await check(
    "a caller that goes away in the middle of its upload is told to the API",
    async () => {
      const { promise: first, resolve: hasCome } = withResolvers();
      upstream.answer = async (request) => {
        request.once("data", hasCome);
        for await (const _ of request);
        throw new Error("the upload came to an end");
      };
      const outgoing = open(url, `${path}/transcribe`, {
        headers: { ...ownPage, "content-length": 500_000 },
      });
      outgoing.write(form(300_000));
      await first;
      outgoing.destroy();
      await upstream.requests[0].closed;
    },
  );

  await check("no second request is smuggled in", async () => {
    const smuggled = `POST /smuggled HTTP/1.1\r\nHost: ${host}\r\nX-Smuggled: 1\r\nContent-Length: 0\r\n\r\n`;
    const head = `POST ${path}/transcribe HTTP/1.1\r\nHost: ${host}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: ${FORM}\r\nConnection: close\r\n`;
    const attacks = [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: chunked\r\nContent-Length: ${smuggled.length + 5}\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Content-Length: +0\r\n\r\n${smuggled}`,
      `${head}X-A: b\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n${smuggled}`,
    ];
    for (const attack of attacks) {
      await sendRaw(url, attack);
      for (const { url, rawHeaders } of upstream.requests) {
        assert.equal(url, "/transcribe", attack);
        assert.doesNotMatch(rawHeaders.join("\n"), /smuggled/i, attack);
      }
    }
  });
}

export function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
