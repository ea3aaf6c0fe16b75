// Serves a built page as a careful site would, with the API behind a proxy that adds the key.

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createServer, request as forward } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const EMULATOR = process.env.EMULATOR_URL ?? "http://127.0.0.1:8081";
const recordings = fileURLToPath(new URL("../fixtures/recordings", import.meta.url));

/** What the package needs, and nothing more. */
export const CSP =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'; base-uri 'none'";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".css": "text/css",
};

/**
 * Serves `texts` by their path (an `undefined` one is not there), and `folders` by the start of it; where there is no
 * file, what runs at `upstream` is asked. A request may choose its answer's type by `?type=`.
 *
 * Inline scripts that a tool writes into a page are allowed by their hashes, and nothing else is; `inlineScripts` counts
 * them. `missing` collects what was answered with 404.
 */
export async function serve({ folders = {}, texts = {}, upstream, csp = CSP }) {
  const seen = { missing: [], inlineScripts: 0 };
  const roots = Object.entries({ "/recordings/": recordings, ...folders }).sort(
    ([a], [b]) => b.length - a.length,
  );
  const answer = (response, status, headers, body) => {
    const isPage = /^text\/html/.test(headers["content-type"]);
    const hashes = isPage ? inlineScripts(body) : [];
    seen.inlineScripts += hashes.length;
    const policy = csp.replace("script-src", ["script-src", ...hashes].join(" "));
    response
      .writeHead(status, {
        ...headers,
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
      })
      .end(body);
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const [, api, scenario, endpoint] = pathname.split("/");
    if (api === "api" && endpoint) {
      pass(`${EMULATOR}/${endpoint}`, request, response, {
        "x-api-key": `sk-theta-emulated-${scenario}`,
      });
      return;
    }
    const found = pathname in texts ? texts[pathname] : await content(roots, pathname);
    if (found !== undefined) {
      const type = pathname.endsWith("/")
        ? "text/html"
        : (TYPES[extname(pathname)] ?? "application/octet-stream");
      answer(response, 200, { "content-type": searchParams.get("type") ?? type }, found);
    } else if (upstream) {
      pass(upstream + request.url, request, response, {}, (status, headers, body) => {
        if (status === 404) seen.missing.push(pathname);
        answer(response, status, headers, body);
      });
    } else {
      seen.missing.push(pathname);
      answer(response, 404, { "content-type": "text/html" }, "<!doctype html><title>404</title>");
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return Object.assign(seen, { url: `http://localhost:${server.address().port}`, close });
}

/** What a policy calls the scripts that stand in a page. */
function inlineScripts(page) {
  const scripts = String(page).matchAll(
    /<script(?![^>]*(?:\ssrc=|json))[^>]*>([\s\S]*?)<\/script>/g,
  );
  return Array.from(
    scripts,
    ([, script]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
}

async function content(roots, pathname) {
  for (const [start, folder] of roots) {
    if (!pathname.startsWith(start)) continue;
    // `normalize` of an absolute path climbs no higher than its root.
    let file = join(folder, normalize(`/${decodeURIComponent(pathname.slice(start.length))}`));
    const about = await stat(file).catch(() => undefined);
    if (about?.isDirectory()) file = join(file, "index.html");
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes) return bytes;
  }
  return undefined;
}

/** Hands a request on, and the answer back, or to `take`. */
function pass(
  url,
  request,
  response,
  headers,
  take = (...answer) => response.writeHead(...answer.slice(0, 2)).end(answer[2]),
) {
  const { host: _, "accept-encoding": __, ...own } = request.headers;
  const onward = forward(
    url,
    { method: request.method, headers: { ...own, ...headers } },
    async (answer) => {
      const body = Buffer.concat(await answer.toArray());
      const { "transfer-encoding": _, ...rest } = answer.headers;
      take(answer.statusCode, rest, body);
    },
  );
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
