// What every suite measures with: a page with the suite's browser part in it, and the browser's own instruments.

import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { QUIET } from "../e2e/browser.mjs";
import { Renderer } from "./renderer.mjs";
import { Site } from "./site.mjs";

// Chromium rounds and delays what a page is told of its memory, unless asked not to.
const MEASURING = ["--enable-precise-memory-info"];

export class Lab {
  #site;
  browserVersion = "";

  static async start(suite, packageFolder) {
    const lab = new Lab();
    lab.#site = await Site.start(
      fileURLToPath(new URL(`./${suite}/page.mjs`, import.meta.url)),
      packageFolder,
    );
    return lab;
  }

  /** Gives `work` a bench in a browser of its own: nothing that was measured before weighs on what is measured now. */
  async onFreshBench(work) {
    const browser = await chromium.launch({
      executablePath: process.env.BROWSER ?? "/usr/bin/chromium",
      args: [...QUIET, ...MEASURING],
    });
    try {
      this.browserVersion = `Chromium ${browser.version()}`;
      return await work(await Bench.open(browser, this.#site.address));
    } finally {
      await browser.close();
    }
  }

  /** See `Site`. */
  brotliBytes(path) {
    return this.#site.brotliBytes(path);
  }

  async close() {
    await this.#site.close();
  }
}

class Bench {
  #page;
  #cdp;
  renderer;

  static async open(browser, address) {
    const bench = new Bench();
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(`page error: ${error}`));
    await page.addInitScript(rememberWasmMemories);
    await page.goto(address);
    await page.waitForFunction(() => globalThis.bench !== undefined);
    bench.#page = page;
    bench.#cdp = await page.context().newCDPSession(page);
    bench.renderer = await Renderer.of(browser);
    return bench;
  }

  /** Calls a function of the suite's browser part. */
  call(name, ...args) {
    return this.#page.evaluate(([name, args]) => globalThis.bench[name](...args), [name, args]);
  }

  /** Without this, one contender would pay for the garbage of another. */
  async collectGarbage() {
    // Buffers that a collected object held are let go by the second round.
    await this.#cdp.send("HeapProfiler.collectGarbage");
    await this.#cdp.send("HeapProfiler.collectGarbage");
  }

  /** The size of every wasm memory in the page, in bytes. */
  wasmBytes() {
    return this.#page.evaluate(() =>
      globalThis.wasmMemories.map(({ buffer }) => buffer.byteLength),
    );
  }
}

// Packages do not show their wasm memory; the instances that they make do.
function rememberWasmMemories() {
  const memories = (globalThis.wasmMemories = []);
  const remember = (holders) => {
    for (const holder of holders) {
      for (const value of Object.values(holder ?? {})) {
        if (value instanceof WebAssembly.Memory && !memories.includes(value)) memories.push(value);
      }
    }
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (source, imports) => {
      const made = await original.call(WebAssembly, source, imports);
      remember([(made.instance ?? made).exports, ...Object.values(imports ?? {})]);
      return made;
    };
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, [module, imports], newTarget) {
      const made = Reflect.construct(target, [module, imports], newTarget);
      remember([made.exports, ...Object.values(imports ?? {})]);
      return made;
    },
  });
}
