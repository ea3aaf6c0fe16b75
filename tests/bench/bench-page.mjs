// The browser and the page that all suites measure in. The page runs the suite's browser part.

import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { ENGINE, QUIET, launch } from "../e2e/browser.mjs";
import { RendererProcess } from "./renderer-process.mjs";
import { BenchServer } from "./bench-server.mjs";

// Without this flag, Chromium rounds and delays the memory figures of a page.
const MEASURING = ["--enable-precise-memory-info"];

export class BenchBrowser {
  #server;
  browserVersion = "";

  static async start(suite, packageFolder) {
    const browser = new BenchBrowser();
    browser.#server = await BenchServer.start(
      fileURLToPath(new URL(`./${suite}/page.mjs`, import.meta.url)),
      packageFolder,
    );
    return browser;
  }

  /** Calls `work` with a page in a new browser, so that earlier measurements do not affect it. */
  async withFreshPage(work) {
    const browser = await chromium.launch({
      executablePath: process.env.BROWSER ?? "/usr/bin/chromium",
      args: [...QUIET, ...MEASURING],
    });
    try {
      this.browserVersion = `Chromium ${browser.version()}`;
      return await work(await BenchPage.open(browser, this.#server.address));
    } finally {
      await browser.close();
    }
  }

  /**
   * Calls `work` with a browser whose microphone plays speech, and the address of the suite's page.
   * `ENGINE` names the browser.
   */
  async withMicrophone(work) {
    const browser = await launch();
    try {
      this.browserVersion = `${ENGINE} ${browser.version()}`;
      return await work(browser, this.#server.address);
    } finally {
      await browser.close();
    }
  }

  /** Returns the compressed size of a file; see `BenchServer`. */
  brotliBytes(path) {
    return this.#server.brotliBytes(path);
  }

  async close() {
    await this.#server.close();
  }
}

class BenchPage {
  #page;
  #cdp;
  renderer;

  static async open(browser, address) {
    const bench = new BenchPage();
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(`page error: ${error}`));
    await page.addInitScript(recordWasmMemories);
    await page.goto(address);
    await page.waitForFunction(() => globalThis.bench !== undefined);
    bench.#page = page;
    bench.#cdp = await page.context().newCDPSession(page);
    bench.renderer = await RendererProcess.of(browser);
    return bench;
  }

  /** Calls a function of the suite's browser part. */
  call(name, ...args) {
    return this.#page.evaluate(([name, args]) => globalThis.bench[name](...args), [name, args]);
  }

  /** Collects garbage, so that no competitor pays for that of another. */
  async collectGarbage() {
    // The second run frees the buffers of objects that the first run collected.
    await this.#cdp.send("HeapProfiler.collectGarbage");
    await this.#cdp.send("HeapProfiler.collectGarbage");
  }

  /** Returns the size of every wasm memory in the page, in bytes. */
  wasmBytes() {
    return this.#page.evaluate(() =>
      globalThis.wasmMemories.map(({ buffer }) => buffer.byteLength),
    );
  }
}

// Records the wasm memories of all instances, because packages do not expose them.
function recordWasmMemories() {
  const memories = [];
  globalThis.wasmMemories = memories;
  const record = (holders) => {
    for (const holder of holders) {
      for (const value of Object.values(holder ?? {})) {
        if (value instanceof WebAssembly.Memory && !memories.includes(value)) memories.push(value);
      }
    }
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (source, imports) => {
      const instance = await original.call(WebAssembly, source, imports);
      record([(instance.instance ?? instance).exports, ...Object.values(imports ?? {})]);
      return instance;
    };
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, [module, imports], newTarget) {
      const instance = Reflect.construct(target, [module, imports], newTarget);
      record([instance.exports, ...Object.values(imports ?? {})]);
      return instance;
    },
  });
}
