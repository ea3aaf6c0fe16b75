// Tests of the files in the packed tarball.

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
    "catalogue.js",
    "client/abortable.js",
    "client/arguments.js",
    "client/call-options.js",
    "client/check-options.js",
    "client/client.js",
    "client/constants.js",
    "client/describe-type.js",
    "client/environment.js",
    "client/local-errors.js",
    "client/option-problem.js",
    "client/options.js",
    "client/timeout.js",
    "client/untrusted-values.js",
    "core_bg.wasm",
    "docs/api.md",
    "docs/elements.md",
    "docs/errors.md",
    "docs/faults.md",
    "docs/frameworks.md",
    "docs/loading.md",
    "docs/measurements.md",
    "docs/production.md",
    "docs/react.md",
    "docs/recording.md",
    "docs/retries.md",
    "docs/security.md",
    "docs/self-test.md",
    "docs/server.md",
    "docs/storage.md",
    "docs/testing.md",
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
    "errors.d.ts",
    "errors.js",
    "exports.js",
    "external.d.ts",
    "external.js",
    "index.d.ts",
    "index.js",
    "llms.txt",
    "loading/lazy-features.js",
    "loading/load-inlined.js",
    "loading/mp3-encoder.js",
    "loading/runtime.js",
    "loading/wasm-module.js",
    "loading/wasm-source.js",
    "outbox/api.js",
    "outbox/constants.js",
    "outbox/dedupe.js",
    "outbox/entry.js",
    "outbox/index.js",
    "outbox/lease.js",
    "outbox/record.js",
    "package.json",
    "prepare/blobs.js",
    "prepare/constants.js",
    "prepare/container-decoder.js",
    "prepare/decode-and-convert.js",
    "prepare/decode.js",
    "prepare/demuxed-file.js",
    "prepare/encode-mp3.js",
    "prepare/mp3-file.js",
    "prepare/packet-decoder.js",
    "prepare/pcm-pipeline.js",
    "prepare/peaks.js",
    "prepare/prepare-audio.js",
    "prepare/prepare.js",
    "prepare/prepared-audio.js",
    "prepare/sample-buffers.js",
    "prepare/take.js",
    "prepare/wav-file.js",
    "prepare/webcodecs-decoder.js",
    "prepare/webkit.js",
    "prepare/yield-to-main.js",
    "react.d.ts",
    "react.js",
    "react/client-options.js",
    "react/external-store.js",
    "react/level-store.js",
    "react/provider.js",
    "react/state-machine.js",
    "react/use-call.js",
    "react/use-level.js",
    "react/use-microphones.js",
    "react/use-recorder.js",
    "react/warn-once.js",
    "record/attempt.js",
    "record/capture-worklet.js",
    "record/capture.js",
    "record/constants.js",
    "record/create-microphone-error.js",
    "record/firefox.js",
    "record/first-samples.js",
    "record/level-meter.js",
    "record/live-analysis.js",
    "record/live-decoder.js",
    "record/load-recorder.js",
    "record/media-recorder-capture.js",
    "record/microphone-errors.js",
    "record/microphone-problem.js",
    "record/microphone.js",
    "record/microphones.js",
    "record/options.js",
    "record/pcm-capture.js",
    "record/pcm-samples.js",
    "record/recorder.js",
    "record/recording.js",
    "record/start-recording.js",
    "record/stopwatch.js",
    "record/track-capture.js",
    "record/watch-device.js",
    "record/webkit-gtk.js",
    "record/webm-packets.js",
    "record/worklet-capture.js",
    "references/api.js",
    "references/constants.js",
    "references/index.js",
    "references/reference-store.js",
    "references/sha256.js",
    "references/shared-request.js",
    "result/constants.js",
    "result/errors.js",
    "result/failure.js",
    "result/find-keys.js",
    "result/redact.js",
    "server.d.ts",
    "server.js",
    "server/allowed-hosts.js",
    "server/api.js",
    "server/call-event.js",
    "server/configuration-error.js",
    "server/connection.js",
    "server/drain.js",
    "server/early-response.js",
    "server/error-response.js",
    "server/failure-response.js",
    "server/handler.js",
    "server/hostname.js",
    "server/node-adapter.js",
    "server/options.js",
    "server/origin.js",
    "server/proxy.js",
    "server/rate-limits.js",
    "server/redact.js",
    "server/retry-slots.js",
    "server/route.js",
    "server/upload.js",
    "server/upstream-call.js",
    "server/upstream.js",
    "server/vite-plugin.js",
    "service-worker.d.ts",
    "service-worker.js",
    "storage/indexed-db.js",
    "storage/storage-events.js",
    "storage/web-locks.js",
    "testing.d.ts",
    "testing.js",
    "testing/create-response.js",
    "testing/error-reference.js",
    "testing/fake-devices.js",
    "testing/fake-media.js",
    "testing/fake-microphone.js",
    "testing/global-stubs.js",
    "testing/next-task.js",
    "testing/responses.js",
    "testing/scripted-fetch.js",
    "testing/seeded-random.js",
    "testing/virtual-clock.js",
    "testing/virtual-timers.js",
    "testing/wav.js",
    "transcribe-long/index.js",
    "transcribe-long/progress.js",
    "transcribe-long/result.js",
    "transcribe-long/resume.js",
    "transcribe-long/split.js",
    "transcribe-long/upload-parts.js",
    "types/api.d.ts",
    "types/audio.d.ts",
    "types/client.d.ts",
    "types/errors.d.ts",
    "types/events.d.ts",
    "types/outbox.d.ts",
    "types/recording.d.ts",
    "types/references.d.ts",
    "types/request.d.ts",
    "types/transcribe-long.d.ts",
    "upload/call.js",
    "upload/connectivity.js",
    "upload/constants.js",
    "upload/cross-tab-limiter.js",
    "upload/fetch-fallbacks.js",
    "upload/fetch.js",
    "upload/jitter.js",
    "upload/join-tabs.js",
    "upload/request-headers.js",
    "upload/response.js",
    "upload/xhr-upload.js",
    "wasm/core.js",
    "wasm/demux-inline.js",
    "wasm/demux.js",
    "wasm/inline.js",
    "wasm/mp3-inline.js",
    "wasm/mp3.js",
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
    // TypeScript uses the first condition that matches.
    assert.equal(Object.keys(target)[0], "types", subpath);
    named.push(...Object.values(target));
  }
  for (const path of named)
    assert.ok(installed.files.includes(path.replace(/^\.\/|\?module$/g, "")), path);
  assert.equal(manifest.types, manifest.exports["."].types);
});

test("subpaths are files too, for tools that read no exports", () => {
  const { exports } = JSON.parse(installed.read("package.json"));
  assert.deepEqual(Object.keys(exports), [
    ".",
    "./external",
    "./service-worker",
    "./elements",
    "./errors",
    "./react",
    "./server",
    "./testing",
    "./core_bg.wasm",
    "./core_bg.wasm?module",
    "./package.json",
  ]);
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

/** Returns the modules that a source imports statically and on demand. */
function importsOf(name) {
  // The inlined wasm is long and imports nothing.
  const source = /inline\.js$/.test(name) ? "" : installed.read(name);
  const specifiers = (pattern) =>
    Array.from(source.matchAll(pattern), ([, specifier]) => specifier);
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
      // React is a peer dependency of `thetaone-web/react` only.
      if (specifier === "react" && name.startsWith("react/")) continue;
      assert.match(specifier, /^\.\.?\//, `${name} imports ${specifier}`);
      assert.ok(scripts.includes(resolved(name, specifier)), `${name} imports ${specifier}`);
    }
    const source = installed.read(name);
    assert.doesNotMatch(source, /["']node:|\brequire\(/, name);
    // A URL that a bundler cannot resolve would lead to a 404 in esbuild and Rollup.
    assert.doesNotMatch(source, /import\.meta/, name);
  }
});

/** Returns the files that are loaded with `entries`, without those that are imported on demand. */
function loadedWith(...entries) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const specifier of importsOf(name).atOnce)
      if (specifier !== "react") visit(resolved(name, specifier));
  };
  entries.forEach(visit);
  return [...seen];
}

test("nothing of the wasm is loaded before it is needed", () => {
  const loaded = loadedWith("index.js");
  assert.ok(loaded.includes("result/errors.js"), "the walk follows imports");
  assert.deepEqual(
    loaded.filter((name) => name.startsWith("wasm/")),
    [],
  );
});

test("no page loads what is for tests", () => {
  const isForTests = (name) => name.startsWith("testing");
  const asking = scripts.filter((name) => {
    const { atOnce, onDemand } = importsOf(name);
    return [...atOnce, ...onDemand].some((specifier) => isForTests(resolved(name, specifier)));
  });
  assert.ok(asking.includes("testing.js"), "the walk finds imports");
  assert.deepEqual(
    asking.filter((name) => !isForTests(name)),
    [],
  );
  assert.deepEqual(
    loadedWith("testing.js").filter((name) => name.startsWith("wasm/")),
    [],
  );
});

test("no page loads what is for servers, and the other way round", () => {
  const isForServers = (name) => name.startsWith("server");
  const loaded = loadedWith(
    "index.js",
    "external.js",
    "loading/runtime.js",
    "service-worker.js",
    "testing.js",
  );
  assert.deepEqual(loaded.filter(isForServers), []);
  const onServer = loadedWith("server.js", "server/handler.js", "server/rate-limits.js");
  assert.deepEqual(
    onServer.filter((name) => !isForServers(name)),
    ["result/errors.js"],
  );
});

test("the hooks are for the browser's side of a page, bring no wasm, and are brought by nothing else", () => {
  // Next.js reads only the first statement.
  assert.match(installed.read("react.js"), /^"use client";\n/);
  const loaded = loadedWith("react.js");
  assert.ok(loaded.includes("react/use-recorder.js"));
  assert.deepEqual(
    loaded.filter(
      (name) =>
        name.startsWith("wasm/") ||
        name === "client/client.js" ||
        name === "record/microphone-errors.js",
    ),
    [],
  );
  const isOfHooks = (name) => /^react[./]/.test(name);
  const asking = scripts.filter((name) => {
    const { atOnce, onDemand } = importsOf(name);
    return [...atOnce, ...onDemand].some(
      (specifier) => specifier === "react" || isOfHooks(resolved(name, specifier)),
    );
  });
  assert.ok(asking.includes("react.js"));
  assert.deepEqual(
    asking.filter((name) => !isOfHooks(name)),
    [],
  );
});

test("the elements bring no wasm, and are brought by nothing else", () => {
  const loaded = loadedWith("elements.js");
  assert.ok(loaded.includes("elements/score-element.js"));
  const unwanted = [
    "client/client.js",
    "record/microphone-errors.js",
    "elements/playback.js",
    "elements/waveform-drawing.js",
    "elements/texts-ko.js",
  ];
  assert.deepEqual(
    loaded.filter((name) => name.startsWith("wasm/") || unwanted.includes(name)),
    [],
  );
  const isOfElements = (name) => /^elements[./]/.test(name);
  const asking = scripts.filter((name) => {
    const { atOnce, onDemand } = importsOf(name);
    return [...atOnce, ...onDemand].some(
      (specifier) => specifier !== "react" && isOfElements(resolved(name, specifier)),
    );
  });
  assert.ok(asking.includes("elements.js"));
  assert.deepEqual(
    asking.filter((name) => !isOfElements(name)),
    [],
  );
});

test("the external entry brings the glue at once, and no inlined wasm at all", () => {
  const loaded = loadedWith("external.js");
  assert.deepEqual(
    loaded.filter((name) => name.startsWith("wasm/")),
    ["wasm/core.js"],
  );
  assert.ok(!loaded.includes("loading/load-inlined.js"));
  assert.ok(!loadedWith("index.js").includes("loading/wasm-source.js"));
});

test("the error classes are to be had without anything else", () => {
  assert.deepEqual(loadedWith("errors.js"), ["errors.js", "result/errors.js"]);
});

const LOADERS = { mp3: "loading/mp3-encoder.js", demux: "prepare/demuxed-file.js" };
for (const [piece, loader] of Object.entries(LOADERS)) {
  test(`${piece} is not loaded with the core`, () => {
    const core = importsOf("loading/load-inlined.js").onDemand.map((specifier) =>
      resolved("loading/load-inlined.js", specifier),
    );
    assert.deepEqual(core, ["loading/runtime.js", "wasm/inline.js"]);
    const loaded = loadedWith("index.js", ...core);
    assert.deepEqual(
      loaded.filter((name) => name.startsWith(`wasm/${piece}`)),
      [],
    );
    const asking = scripts.filter((name) =>
      importsOf(name).onDemand.some((specifier) => specifier.startsWith(`../wasm/${piece}`)),
    );
    assert.deepEqual(asking, [loader]);
  });
}

test("modules that only some pages need are not loaded with the core", () => {
  const paths = [
    "loading/lazy-features.js",
    "result/redact.js",
    "upload/fetch.js",
    "upload/join-tabs.js",
  ].flatMap((name) => importsOf(name).onDemand.map((path) => resolved(name, path)));
  assert.deepEqual(paths.toSorted(), [
    "loading/mp3-encoder.js",
    "outbox/index.js",
    "prepare/peaks.js",
    "prepare/webcodecs-decoder.js",
    "references/index.js",
    "result/find-keys.js",
    "storage/indexed-db.js",
    "transcribe-long/index.js",
    "upload/cross-tab-limiter.js",
    "upload/fetch-fallbacks.js",
    "upload/xhr-upload.js",
  ]);
  const loaded = loadedWith("index.js", "loading/runtime.js");
  assert.ok(loaded.includes("loading/lazy-features.js") && loaded.includes("upload/join-tabs.js"));
  assert.deepEqual(
    loaded.filter((name) => paths.includes(name)),
    [],
  );
});

test("there is one copy of each module that the core and the package share", () => {
  const core = installed.read("wasm/core.js");
  assert.match(core, /["']\.\.\/result\/failure\.js["']/);
  assert.doesNotMatch(core, /snippets/);
  for (const name of scripts.filter((name) => name !== "result/errors.js")) {
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
  // In the wasm, unrelated text may follow the prefix. Only a run as long and mixed as a key
  // counts.
  const key = /sk-theta-(?!emulated-)(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{12,}/;
  for (const name of installed.files) {
    assert.equal(key.exec(installed.bytes(name).toString("latin1")), null, name);
  }
});
