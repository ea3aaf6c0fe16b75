// The suite's browser part, bundled with the package and its peers, and served; and where it can send something to.

import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/page.js"></script>';

// Isolation gives the page a clock of 5 µs instead of 100.
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** The emulator, of the same origin as the page, as it is behind a proxy. */
const EMULATOR = "/emulator";
const EMULATED_KEY = "sk-theta-emulated-ok";
/** Reads what is sent, and answers at once. */
const SINK = "/sink";

export class Site {
  #server;
  #files;
  address = "";

  static async start(entry, packageFolder) {
    const scripts = await bundled(entry, packageFolder);
    const wasm = readFileSync(join(packageFolder, "core_bg.wasm"));
    const site = new Site();
    site.#files = new Map([...scripts, ["/core_bg.wasm", wasm]]);
    site.#server = createServer((request, response) => {
      if (request.url.startsWith(EMULATOR)) return passOn(request, response);
      if (request.url.startsWith(SINK)) return swallow(request, response);
      if (request.url === "/core_bg.wasm") {
        response.writeHead(200, { "Content-Type": "application/wasm", ...ISOLATION });
        return response.end(wasm);
      }
      const script = scripts.get(request.url);
      const found = script !== undefined || request.url === "/";
      response.writeHead(found ? 200 : 404, {
        "Content-Type": script ? "text/javascript" : "text/html",
        ...ISOLATION,
      });
      response.end(found ? (script ?? PAGE) : "");
    });
    await new Promise((listening) => site.#server.listen(0, "127.0.0.1", listening));
    site.address = `http://127.0.0.1:${site.#server.address().port}/`;
    return site;
  }

  /** What a server would send for a file of this site, in bytes; 0 for what is no file. */
  brotliBytes(path) {
    const file = this.#files.get(path);
    return file === undefined ? 0 : brotliCompressSync(file).length;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

function passOn(request, response) {
  const { method } = request;
  // As the proxy of an application does; the emulator takes any key that begins so.
  const headers = { ...request.headers, "x-api-key": EMULATED_KEY };
  const target = process.env.EMULATOR_URL + request.url.slice(EMULATOR.length);
  const onward = ask(target, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

function swallow(request, response) {
  let bytes = 0;
  request.on("data", (chunk) => (bytes += chunk.length));
  request.on("end", () => {
    const json = JSON.stringify({
      text: "",
      text_type: "en",
      metadata: {},
      response_time_in_sec: 0,
      bytes,
    });
    response.writeHead(200, { "Content-Type": "application/json" }).end(json);
  });
}

async function bundled(entry, packageFolder) {
  const { outputFiles } = await build({
    entryPoints: { page: entry },
    bundle: true,
    format: "esm",
    // Keeps dynamic imports apart, so that a page holds only the contender that it measures.
    splitting: true,
    minify: true,
    write: false,
    outdir: "/",
    alias: { "thetaone-web": packageFolder },
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
}
