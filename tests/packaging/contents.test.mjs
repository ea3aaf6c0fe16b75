// What lies in the packed tarball.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const scripts = installed.files.filter((name) => name.endsWith(".js"));

test("the tarball holds exactly the expected files", () => {
  assert.deepEqual(installed.files, [
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.ko.md",
    "README.md",
    "SECURITY.md",
    "THIRD-PARTY-NOTICES",
    "audio.js",
    "audio/blob.js",
    "audio/breath.js",
    "audio/convert.js",
    "audio/decode.js",
    "audio/encode.js",
    "audio/made.js",
    "audio/mpeg.js",
    "audio/work.js",
    "call-options.js",
    "call.js",
    "catalogue.js",
    "check-options.js",
    "client.js",
    "core.js",
    "core_bg.wasm",
    "demux.js",
    "described.js",
    "docs/elements.md",
    "docs/errors.md",
    "docs/faults.md",
    "docs/loading.md",
    "docs/measurements.md",
    "docs/react.md",
    "docs/recording.md",
    "docs/retries.md",
    "docs/security.md",
    "docs/server.md",
    "docs/storage.md",
    "docs/testing.md",
    "early-errors.js",
    "elements.d.ts",
    "elements.js",
    "elements/analysis.js",
    "elements/base-element.js",
    "elements/base-styles.js",
    "elements/define.js",
    "elements/dom.js",
    "elements/live-wave.js",
    "elements/microphone-help.js",
    "elements/peaks.js",
    "elements/playback-element.js",
    "elements/playback.js",
    "elements/player.js",
    "elements/recorder-element.js",
    "elements/recorder-styles.js",
    "elements/recording-session.js",
    "elements/score-element.js",
    "elements/score-parts.js",
    "elements/score-styles.js",
    "elements/sound.js",
    "elements/take-blob.js",
    "elements/texts-ko.js",
    "elements/texts.js",
    "elements/wav-format.js",
    "elements/wave-shape.js",
    "elements/waveform-drawing.js",
    "elements/waveform-element.js",
    "elements/waveform-styles.js",
    "elements/waveform-track.js",
    "engine.js",
    "errors.d.ts",
    "errors.js",
    "external.d.ts",
    "external.js",
    "failure.js",
    "foreign.js",
    "guard.js",
    "index.d.ts",
    "index.js",
    "kept.js",
    "load.js",
    "lock.js",
    "long.js",
    "long/board.js",
    "long/outcome.js",
    "long/parts.js",
    "long/resume.js",
    "long/sending.js",
    "mp3.js",
    "notice.js",
    "option-problem.js",
    "options.js",
    "outbox.js",
    "outbox/earlier.js",
    "outbox/found.js",
    "outbox/keeping.js",
    "outbox/lease.js",
    "outbox/record.js",
    "package.json",
    "patience.js",
    "piece.js",
    "pieces.js",
    "platform.js",
    "prepare.js",
    "public.js",
    "react.d.ts",
    "react.js",
    "react/complaint.js",
    "react/joined.js",
    "react/level-store.js",
    "react/provider.js",
    "react/store.js",
    "react/use-call.js",
    "react/use-level.js",
    "react/use-microphones.js",
    "react/use-recorder.js",
    "record/microphones.js",
    "record/refusals.js",
    "recorder.js",
    "recorder/capture.js",
    "recorder/encoded.js",
    "recorder/meter.js",
    "recorder/microphone.js",
    "recorder/obtained.js",
    "recorder/pcm.js",
    "recorder/recording.js",
    "recorder/stopwatch.js",
    "redact.js",
    "references.js",
    "references/flight.js",
    "references/sha256.js",
    "references/shelf.js",
    "request.js",
    "response.js",
    "secrets.js",
    "server.d.ts",
    "server.js",
    "server/answer.js",
    "server/api.js",
    "server/configuration-error.js",
    "server/connection.js",
    "server/exchange.js",
    "server/forward.js",
    "server/host.js",
    "server/hostname.js",
    "server/limits.js",
    "server/node.js",
    "server/options.js",
    "server/origin.js",
    "server/proxy.js",
    "server/redact.js",
    "server/refusal.js",
    "server/report.js",
    "server/route.js",
    "server/slots.js",
    "server/upload.js",
    "server/vite.js",
    "service-worker.d.ts",
    "service-worker.js",
    "source.js",
    "store.js",
    "surroundings.js",
    "tabs.js",
    "take.js",
    "testing.d.ts",
    "testing.js",
    "testing/answers.js",
    "testing/clock.js",
    "testing/microphone.js",
    "testing/random.js",
    "testing/reference.js",
    "testing/replaced.js",
    "testing/script.js",
    "testing/wav.js",
    "unusual.js",
    "waiting.js",
    "wasm/core.js",
    "wasm/demux-inline.js",
    "wasm/demux.js",
    "wasm/inline.js",
    "wasm/mp3-inline.js",
    "wasm/mp3.js",
    "watched.js",
    "worklet.js",
  ]);
});

test("package.json says what bundlers, TypeScript and npm have to know", () => {
  const manifest = JSON.parse(installed.read("package.json"));
  const workspace = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8");
  assert.equal(manifest.name, "thetaone-web");
  assert.equal(manifest.version, /^version = "([^"]+)"/m.exec(workspace)[1]);
  assert.equal(manifest.type, "module");
  assert.deepEqual(manifest.sideEffects, ["./elements.js", "./service-worker.js"]);
  assert.equal(manifest.license, "MIT OR Apache-2.0");
  assert.match(manifest.description, /unofficial/i);
  assert.notEqual(manifest.private, true, "npm refuses to publish a private package");
  assert.deepEqual(manifest.dependencies ?? {}, {});
  assert.deepEqual(manifest.peerDependencies, { react: ">=18" });
  assert.deepEqual(manifest.peerDependenciesMeta, { react: { optional: true } });
  assert.equal(manifest.scripts, undefined, "nothing of ours runs on a user's machine at install");
});

test("every entry of package.json names a file, types first", () => {
  const manifest = JSON.parse(installed.read("package.json"));
  const named = [manifest.main, manifest.module, manifest.types];
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string") {
      named.push(target);
      continue;
    }
    // TypeScript takes the first condition that fits.
    assert.equal(Object.keys(target)[0], "types", subpath);
    named.push(...Object.values(target));
  }
  for (const path of named) assert.ok(installed.files.includes(path.replace(/^\.\/|\?module$/g, "")), path);
  assert.equal(manifest.types, manifest.exports["."].types);
});

test("subpaths are files too, for tools that read no exports", () => {
  const { exports } = JSON.parse(installed.read("package.json"));
  assert.deepEqual(Object.keys(exports), [".", "./external", "./service-worker", "./elements", "./errors", "./react", "./server", "./testing", "./core_bg.wasm", "./core_bg.wasm?module", "./package.json"]);
  for (const [subpath, target] of Object.entries(exports).slice(1)) {
    if (typeof target === "string") assert.equal(target, subpath);
    else assert.deepEqual(target, { types: `${subpath}.d.ts`, default: `${subpath}.js` });
  }
});

test("every script parses as a module", () => {
  for (const name of scripts) {
    execFileSync(process.execPath, ["--check", join(installed.folder, name)], { stdio: "pipe" });
  }
});

/** The modules that a source imports: at once, and on demand. */
function importsOf(name) {
  // The inlined wasm imports nothing, and is long.
  const source = /inline\.js$/.test(name) ? "" : installed.read(name);
  const specifiers = (pattern) => Array.from(source.matchAll(pattern), ([, specifier]) => specifier);
  return {
    atOnce: specifiers(/^\s*(?:import|export)\s(?:[^;"'()=]*\sfrom\s*)?["']([^"']+)["']/gm),
    onDemand: specifiers(/\bimport\(\s*["']([^"']+)["']\s*\)/g),
  };
}

const resolved = (from, specifier) => new URL(specifier, `file:///${from}`).pathname.slice(1);

test("scripts import only files of the package, and nothing of Node's", () => {
  for (const name of scripts) {
    const { atOnce, onDemand } = importsOf(name);
    for (const specifier of [...atOnce, ...onDemand]) {
      // A peer of those who import `thetaone-web/react`, and of nobody else.
      if (specifier === "react" && name.startsWith("react/")) continue;
      assert.match(specifier, /^\.\.?\//, `${name} imports ${specifier}`);
      assert.ok(scripts.includes(resolved(name, specifier)), `${name} imports ${specifier}`);
    }
    const source = installed.read(name);
    assert.doesNotMatch(source, /["']node:|\brequire\(/, name);
    // An address that a bundler cannot follow would be a 404 in esbuild and Rollup.
    assert.doesNotMatch(source, /import\.meta/, name);
  }
});

/** What is loaded with `entries`, without anything being asked for on demand. */
function loadedWith(...entries) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const specifier of importsOf(name).atOnce) if (specifier !== "react") visit(resolved(name, specifier));
  };
  entries.forEach(visit);
  return [...seen];
}

test("nothing of the wasm is loaded before it is needed", () => {
  const loaded = loadedWith("index.js");
  assert.ok(loaded.includes("errors.js"), "the walk follows imports");
  assert.deepEqual(loaded.filter((name) => name.startsWith("wasm/")), []);
});

test("no page loads what is for tests", () => {
  const isForTests = (name) => name.startsWith("testing");
  const asking = scripts.filter((name) => {
    const { atOnce, onDemand } = importsOf(name);
    return [...atOnce, ...onDemand].some((specifier) => isForTests(resolved(name, specifier)));
  });
  assert.ok(asking.includes("testing.js"), "the walk finds imports");
  assert.deepEqual(asking.filter((name) => !isForTests(name)), []);
  assert.deepEqual(loadedWith("testing.js").filter((name) => name.startsWith("wasm/")), []);
});

test("no page loads what is for servers, and the other way round", () => {
  const isForServers = (name) => name.startsWith("server");
  const loaded = loadedWith("index.js", "external.js", "engine.js", "service-worker.js", "testing.js");
  assert.deepEqual(loaded.filter(isForServers), []);
  const onServer = loadedWith("server.js", "server/answer.js", "server/limits.js");
  assert.deepEqual(onServer.filter((name) => !isForServers(name)), ["errors.js"]);
});

test("the hooks are for the browser's side of a page, bring no wasm, and are brought by nothing else", () => {
  // Next.js reads only the first statement.
  assert.match(installed.read("react.js"), /^"use client";\n/);
  const loaded = loadedWith("react.js");
  assert.ok(loaded.includes("react/use-recorder.js"));
  assert.deepEqual(loaded.filter((name) => name.startsWith("wasm/") || name === "client.js" || name === "record/refusals.js"), []);
  const isOfHooks = (name) => /^react[./]/.test(name);
  const asking = scripts.filter((name) => {
    const { atOnce, onDemand } = importsOf(name);
    return [...atOnce, ...onDemand].some((specifier) => specifier === "react" || isOfHooks(resolved(name, specifier)));
  });
  assert.ok(asking.includes("react.js"));
  assert.deepEqual(asking.filter((name) => !isOfHooks(name)), []);
});

test("the elements bring no wasm, and are brought by nothing else", () => {
  const loaded = loadedWith("elements.js");
  assert.ok(loaded.includes("elements/score-element.js"));
  const unwanted = ["client.js", "record/refusals.js", "elements/playback.js", "elements/waveform-drawing.js", "elements/texts-ko.js"];
  assert.deepEqual(loaded.filter((name) => name.startsWith("wasm/") || unwanted.includes(name)), []);
  const isOfElements = (name) => /^elements[./]/.test(name);
  const asking = scripts.filter((name) => {
    const { atOnce, onDemand } = importsOf(name);
    return [...atOnce, ...onDemand].some((specifier) => specifier !== "react" && isOfElements(resolved(name, specifier)));
  });
  assert.ok(asking.includes("elements.js"));
  assert.deepEqual(asking.filter((name) => !isOfElements(name)), []);
});

test("the external entry brings the glue at once, and no inlined wasm at all", () => {
  const loaded = loadedWith("external.js");
  assert.deepEqual(loaded.filter((name) => name.startsWith("wasm/")), ["wasm/core.js"]);
  assert.ok(!loaded.includes("load.js"));
  assert.ok(!loadedWith("index.js").includes("source.js"));
});

test("the error classes are to be had without anything else", () => {
  assert.deepEqual(loadedWith("errors.js"), ["errors.js"]);
});

for (const piece of ["mp3", "demux"]) {
  test(`${piece} is not loaded with the core`, () => {
    const core = importsOf("load.js").onDemand.map((specifier) => resolved("load.js", specifier));
    assert.deepEqual(core, ["engine.js", "wasm/inline.js"]);
    const loaded = loadedWith("index.js", ...core);
    assert.deepEqual(loaded.filter((name) => name.startsWith(`wasm/${piece}`)), []);
    const asking = scripts.filter((name) =>
      importsOf(name).onDemand.some((specifier) => specifier.startsWith(`./wasm/${piece}`)),
    );
    assert.deepEqual(asking, [`${piece}.js`]);
  });
}

test("what only some pages need is not loaded with the core", () => {
  const asked = ["platform.js", "pieces.js", "redact.js", "request.js"].flatMap((name) => importsOf(name).onDemand.map((path) => resolved(name, path)));
  assert.deepEqual(
    asked.toSorted(),
    ["demux.js", "long.js", "mp3.js", "outbox.js", "references.js", "secrets.js", "store.js", "tabs.js", "unusual.js", "watched.js"],
  );
  const loaded = loadedWith("index.js", "engine.js");
  assert.ok(loaded.includes("platform.js") && loaded.includes("pieces.js"));
  assert.deepEqual(loaded.filter((name) => asked.includes(name)), []);
});

test("there is one copy of each module that the core and the package share", () => {
  const core = installed.read("wasm/core.js");
  assert.match(core, /["']\.\.\/failure\.js["']/);
  assert.doesNotMatch(core, /snippets/);
  for (const name of scripts.filter((name) => name !== "errors.js")) {
    assert.doesNotMatch(installed.read(name), /class ThetaOneError\b/, name);
  }
});

function inlined(name) {
  const [, base64] = /^export default "([A-Za-z0-9+/=]+)";\n$/.exec(installed.read(name));
  return gunzipSync(Buffer.from(base64, "base64"));
}

test("the inlined wasm is the served wasm", () => {
  assert.ok(inlined("wasm/inline.js").equals(installed.bytes("core_bg.wasm")));
});

for (const name of ["wasm/inline.js", "wasm/mp3-inline.js", "wasm/demux-inline.js"]) {
  test(`${name} is valid and stripped`, async () => {
    const module = await WebAssembly.compile(inlined(name));
    for (const section of ["name", "producers", "target_features", ".debug_info"]) {
      assert.deepEqual(WebAssembly.Module.customSections(module, section), [], section);
    }
  });
}

test("no file holds anything like a key", () => {
  // In the wasm the prefix alone may be followed by whatever text lies next to
  // it, so what counts is a run as long and mixed as a key.
  const key = /sk-theta-(?!emulated-)(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{12,}/;
  for (const name of installed.files) {
    assert.equal(key.exec(installed.bytes(name).toString("latin1")), null, name);
  }
});
