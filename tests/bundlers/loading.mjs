// How the wasm comes into a page, and what is said where it does not.

import { strict as assert } from "node:assert";
import { test } from "node:test";

import { assertTold, onPage } from "./browser.mjs";
import { CSP } from "./static-server.mjs";
import { served, wasm } from "./package-server.mjs";

/** In the page: what `init` with each of `sources` leads to. */
const inits = async (sources) => {
  const { init } = await import("/thetaone-web/external.js");
  const outcomes = [];
  for (const source of sources) {
    outcomes.push(
      await init(source).then(
        () => "ok",
        ({ name, message }) => `${name}: ${message}`,
      ),
    );
  }
  return outcomes;
};

/** In the page: what `ready()` of the default entry leads to. */
const ready = async () => {
  const { ThetaOne } = await import("/thetaone-web/index.js");
  return new ThetaOne({ baseUrl: "/api/ok" }).ready().then(
    () => "ok",
    ({ name, message }) => `${name}: ${message}`,
  );
};

export function loading(browser) {
  /** Runs `steps` in an empty page; problems that `expected` matches are brought about on purpose. */
  const inPage = async (t, options, steps, expected) => {
    const server = await served(t, options);
    return onPage(browser(), server, "/empty.html", (_, page) => steps(page), expected);
  };

  test("a policy without 'wasm-unsafe-eval' is named, by both entries", (t) => {
    const csp = CSP.replace(" 'wasm-unsafe-eval'", "");
    assert.notEqual(csp, CSP);
    const steps = async (page) => {
      const outcomes = [
        await page.evaluate(ready),
        ...(await page.evaluate(inits, [
          "/thetaone-web/core_bg.wasm",
          "/thetaone-web/core_bg.wasm?type=text/plain",
        ])),
      ];
      for (const outcome of outcomes)
        assert.match(outcome, /^WasmLoadError: .*allow script-src 'wasm-unsafe-eval'/);
    };
    return inPage(t, { csp }, steps, /Content Security Policy/);
  });

  test("a wasm that is not there is said to be so, and may be given afterwards", (t) =>
    inPage(
      t,
      { texts: { "/page.wasm": "<!doctype html>", "/empty.wasm": "" } },
      async (page) => {
        const sources = [
          "/nowhere.wasm",
          "/page.wasm?type=text/html",
          "/empty.wasm",
          "https://127.0.0.1:1/core_bg.wasm",
          "/thetaone-web/core_bg.wasm",
        ];
        const [nowhere, aPage, empty, elsewhere, there] = await page.evaluate(inits, sources);
        assert.match(
          nowhere,
          /^WasmLoadError: http:.*\/nowhere\.wasm has status 404: serve .*core_bg\.wasm/,
        );
        assert.match(aPage, /^WasmLoadError: .*\/page\.wasm.* is a page, not WebAssembly: serve/);
        assert.match(empty, /^WasmLoadError: /);
        assert.match(elsewhere, /^WasmLoadError: .*could not be fetched.*connect-src/);
        assert.equal(there, "ok");
      },
      /404|connect-src|Content Security Policy|127\.0\.0\.1:1/,
    ));

  for (const type of [
    "text/plain",
    "application/octet-stream",
    "application/wasm;charset=utf-8",
    "",
  ]) {
    test(`a wasm that is served as "${type}" works`, (t) =>
      inPage(t, {}, async (page) => {
        const address = `/thetaone-web/core_bg.wasm?type=${encodeURIComponent(type)}`;
        assert.deepEqual(await page.evaluate(inits, [address]), ["ok"]);
      }));
  }

  test("a served wasm is compiled while it arrives", (t) =>
    inPage(t, {}, async (page) => {
      const streamed = await page.evaluate(async () => {
        const { compileStreaming } = WebAssembly;
        let streamed = 0;
        WebAssembly.compileStreaming = (response) => {
          streamed += 1;
          return compileStreaming.call(WebAssembly, response);
        };
        const { init } = await import("/thetaone-web/external.js");
        await init(fetch("/thetaone-web/core_bg.wasm"));
        return streamed;
      });
      assert.equal(streamed, 1);
    }));

  test("a wasm of another version is said to be that", async (t) => {
    const bytes = Buffer.from(await wasm());
    // Its imports, under a name that the glue does not have.
    const [{ module }] = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(
      ({ module }) => /^[0-9a-f]{8}$/.test(module),
    );
    for (let at = bytes.indexOf(module); at > 0; at = bytes.indexOf(module, at))
      bytes.write("00000000", at);
    await inPage(t, { texts: { "/older.wasm": bytes } }, async (page) => {
      const [outcome] = await page.evaluate(inits, ["/older.wasm"]);
      assert.match(outcome, /^WasmLoadError: .*installed version/);
    });
  });

  test("a chunk that is not served is said to be so", (t) =>
    inPage(
      t,
      { texts: { "/thetaone-web/wasm/inline.js": undefined } },
      async (page) => {
        assert.match(
          await page.evaluate(ready),
          /^WasmLoadError: a file of the package could not be fetched/,
        );
      },
      /404/,
    ));

  test("the errors come without anything else", (t) =>
    inPage(t, {}, async (page) => {
      const requested = [];
      page.on("request", (request) => requested.push(new URL(request.url()).pathname));
      await page.evaluate(() => import("/thetaone-web/errors.js"));
      assert.deepEqual(requested, ["/thetaone-web/errors.js", "/thetaone-web/result/errors.js"]);
    }));

  test("nothing of the wasm is fetched before the first use", (t) =>
    inPage(t, {}, async (page) => {
      const requested = [];
      page.on("request", (request) => requested.push(new URL(request.url()).pathname));
      await page.evaluate(async () => {
        const { ThetaOne } = await import("/thetaone-web/index.js");
        globalThis.theta = new ThetaOne({ baseUrl: "/api/ok" });
      });
      assert.ok(
        requested.length > 0 && requested.every((path) => !path.includes("/wasm/")),
        requested.join(),
      );
      await page.evaluate(() => globalThis.theta.ready());
      assert.deepEqual(requested.filter((path) => path.includes("/wasm/")).sort(), [
        "/thetaone-web/wasm/core.js",
        "/thetaone-web/wasm/inline.js",
      ]);
    }));

  test("both entries on a page share one core, whoever starts it", (t) =>
    inPage(t, {}, async (page) => {
      const started = await page.evaluate(async () => {
        let started = 0;
        for (const name of ["instantiate", "instantiateStreaming"]) {
          const start = WebAssembly[name];
          WebAssembly[name] = (...args) => {
            started += 1;
            return start.apply(WebAssembly, args);
          };
        }
        const [inlined, external] = await Promise.all([
          import("/thetaone-web/index.js"),
          import("/thetaone-web/external.js"),
        ]);
        await Promise.all([
          new inlined.ThetaOne().ready(),
          external.init("/thetaone-web/core_bg.wasm"),
          new external.ThetaOne().ready(),
        ]);
        return started;
      });
      assert.equal(started, 1);
    }));

  test("two copies on a page do not disturb each other", (t) =>
    inPage(t, {}, async (page) => {
      const told = await page.evaluate(async () => {
        const { calls } = await import("/calls.js");
        const [one, two] = await Promise.all([
          import("/thetaone-web/index.js"),
          import("/copy/index.js"),
        ]);
        const both = await Promise.all([calls(one), calls(two)]);
        // What one has made, the other knows; what one ends, the other goes on with.
        const theta = new one.ThetaOne({ baseUrl: "/api/ok" });
        const other = new two.ThetaOne({ baseUrl: "/api/ok" });
        const recording = await (await fetch("/recordings/chromium.webm")).arrayBuffer();
        const take = await theta.prepare(recording);
        const upload = other.transcribe(take);
        theta.dispose();
        const { text } = await upload;
        const error = await theta.ready().catch((error) => error);
        return {
          both,
          text: typeof text,
          separate: one.ThetaOneError !== two.ThetaOneError && !(take instanceof two.Take),
          known: two.ThetaOneError.is(error) && two.Take.is(take),
        };
      });
      told.both.forEach((calls) => assertTold(calls));
      assert.deepEqual([told.text, told.separate, told.known], ["string", true, true]);
    }));
}
