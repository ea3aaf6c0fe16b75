// Tests that the demo's server responds only to its own pages and to the user, whatever the headers
// are.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";

import { FORM } from "../server/client.mjs";
import { forgetRequests, recordedRequests, withServer } from "./demo-server.mjs";

const ROUTES = [
  "GET /",
  "GET /missing.js",
  "GET /api/demo",
  "POST /api/theta/transcribe",
  "POST /api/theta/pronunciation",
];

const isCall = (route) => route.startsWith("POST");

/**
 * Sends a request with exactly these headers, as a list of names and values. Resolves to the status
 * and everything that was received.
 */
async function request(url, route, headers) {
  const lines = [`${route} HTTP/1.1`, "Connection: close"];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (isCall(route)) lines.push(`Content-Type: ${FORM}`, "Content-Length: 7", "", "--x--\r\n");
  else lines.push("", "");
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(lines.join("\r\n"));
  const received = await text(socket);
  return { status: Number(received.split(" ")[1]), received };
}

/** Runs `steps` with a server, and asserts that no request of them reached the emulator. */
async function withoutCalls(options, steps) {
  await withServer(options, async (url) => {
    await forgetRequests();
    await steps(url, new URL(url));
    assert.deepEqual(await recordedRequests(), []);
  });
}

async function assertForbidden(url, route, headers, statuses = [403]) {
  const { status, received } = await request(url, route, headers);
  assert.ok(statuses.includes(status), `${route} ${JSON.stringify(headers)}: ${received}`);
  assert.doesNotMatch(received, /access-control/i);
}

test("another host is forbidden on every route", async () => {
  await withoutCalls({}, async (url, { host, port }) => {
    const hosts = [
      "attacker.test",
      `attacker.test:${port}`,
      `localhost.attacker.test:${port}`,
      `127.0.0.1.attacker.test:${port}`,
      `attacker.test:80@localhost:${port}`,
      `0.0.0.0:${port}`,
      `192.168.0.1:${port}`,
      `[::2]:${port}`,
      "localhost:1",
      "localhost",
      `localhost:+${port}`,
      `localhost:${port}:${port}`,
      "",
    ];
    const same = ["Sec-Fetch-Site", "same-origin"];
    for (const route of ROUTES) {
      for (const wrong of hosts) {
        // To the browser, a page after DNS rebinding has the same origin.
        const origin = ["Origin", `http://${wrong}`];
        for (const proof of [[], [origin], [same, origin], [["Sec-Fetch-Site", "none"]]])
          await assertForbidden(url, route, [["Host", wrong], ...proof]);
      }
      for (const names of [[], [host, "attacker.test"], ["attacker.test", host]]) {
        const headers = [...names.map((name) => ["Host", name]), same];
        await assertForbidden(url, route, headers, [400, 403]);
      }
      const absolute = route.replace("/", "http://attacker.test/");
      await assertForbidden(url, absolute, [["Host", host], same], [400, 403]);
    }
  });
});

test("another origin is forbidden, whatever the other headers are", async () => {
  await withoutCalls({}, async (url, { host, port }) => {
    const origins = [
      "https://attacker.test",
      "http://127.0.0.1:1",
      "http://127.0.0.1",
      `https://${host}`,
      `http://localhost:${port}`,
      `http://${host}.attacker.test`,
      `http://${host}/`,
      host,
      "null",
      "",
    ];
    const sites = [undefined, "cross-site", "same-site", "same-origin", "none", "unknown"];
    for (const route of ROUTES) {
      for (const origin of origins) {
        for (const site of sites) {
          const headers = [
            ["Host", host],
            ["Origin", origin],
          ];
          if (site) headers.push(["Sec-Fetch-Site", site]);
          await assertForbidden(url, route, headers);
        }
      }
      // Images, scripts, frames and GET forms send no origin.
      for (const site of ["cross-site", "same-site", "unknown"]) {
        for (const [mode, dest] of [
          ["no-cors", "image"],
          ["no-cors", "audio"],
          ["no-cors", "script"],
          ["navigate", "iframe"],
          ["cors", "empty"],
        ]) {
          await assertForbidden(url, route, [
            ["Host", host],
            ["Sec-Fetch-Site", site],
            ["Sec-Fetch-Mode", mode],
            ["Sec-Fetch-Dest", dest],
          ]);
        }
      }
    }
  });
});

test("the own page may call, and the user may open the page", async () => {
  await withServer({}, async (url) => {
    const { port } = new URL(url);
    const link = [
      ["Sec-Fetch-Site", "cross-site"],
      ["Sec-Fetch-Mode", "navigate"],
      ["Sec-Fetch-Dest", "document"],
    ];
    for (const name of ["127.0.0.1", "localhost", "LocalHost", "[::1]"]) {
      const host = `${name}:${port}`;
      const origin = ["Origin", `http://${host}`];
      const same = ["Sec-Fetch-Site", "same-origin"];
      for (const route of ROUTES) {
        for (const [headers, isAllowed] of [
          [[same], true],
          [[origin], true],
          [[same, origin], true],
          // Old browsers and programs send none of the headers.
          [[], !isCall(route)],
          [[["Sec-Fetch-Site", "none"]], !isCall(route)],
          [link, !isCall(route)],
        ]) {
          const { status, received } = await request(url, route, [["Host", host], ...headers]);
          assert.equal(
            status !== 403,
            isAllowed,
            `${route} ${host} ${JSON.stringify(headers)}: ${received}`,
          );
        }
      }
    }
  });
});

test("the page can only be read", async () => {
  await withoutCalls({}, async (url, { host }) => {
    for (const path of ["/", "/api/demo", "/api/theta"])
      for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
        await assertForbidden(url, `${method} ${path}`, [
          ["Host", host],
          ["Origin", `http://${host}`],
        ]);
  });
});

test("a host can be allowed by name, and a proxy before the server may add TLS", async () => {
  await withServer({ args: ["--allow-host", "demo.example.com"] }, async (url) => {
    const call = async (host, origin) => {
      const headers = [
        ["Host", host],
        ["Origin", origin],
      ];
      return (await request(url, "POST /api/theta/transcribe", headers)).status;
    };
    assert.equal(await call("demo.example.com", "http://demo.example.com"), 400);
    assert.equal(await call("demo.example.com", "https://demo.example.com"), 400);
    assert.equal(await call("demo.example.com", "https://demo.example.com:8443"), 403);
    assert.equal(await call("example.com", "https://example.com"), 403);
    assert.equal(await call(new URL(url).host, url), 400);
  });
});
