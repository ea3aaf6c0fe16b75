// Tests that the notices contain the licenses of all crates that are compiled into the package.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The crates of the three wasm modules, as cargo lists them: `name version`. */
function compiledCrates() {
  const modules = ["thetaone-web", "thetaone-web-mp3", "thetaone-web-demux"];
  const printed = execFileSync(
    process.env.CARGO ?? "cargo",
    [
      ...["tree", "--locked", "--target=wasm32-unknown-unknown", "--edges=normal,no-proc-macro"],
      ...[
        "--prefix=none",
        "--no-dedupe",
        "--format={p}",
        ...modules.flatMap((name) => ["--package", name]),
      ],
    ],
    { cwd: root, encoding: "utf8" },
  );
  const crates = printed.split("\n").filter((line) => line && !line.includes("thetaone-web"));
  return [...new Set(crates.map((line) => line.replace(/^(\S+) v(\S+).*/, "$1 $2")))];
}

test("every crate in the wasm is named, with its license and where its source is", () => {
  const notices = installed.read("THIRD-PARTY-NOTICES");
  const crates = compiledCrates();
  assert.ok(
    crates.some((name) => name.startsWith("wasm-bindgen ")) &&
      crates.some((name) => name.startsWith("rusty_mp3 ")),
    String(crates),
  );
  const [list, ...sections] = notices.split(/\n-{80}\n/);
  // The sections alternate: a line of titles, and the text of their license.
  const texts = new Map();
  for (let at = 0; at < sections.length; at += 2) {
    for (const title of sections[at].split(", "))
      texts.set(title, `${texts.get(title) ?? ""}${sections[at + 1]}`);
  }
  for (const title of [...crates, "Rust standard library"]) {
    const line = list.split("\n").find((line) => line.startsWith(`- ${title} (`));
    assert.ok(line, `${title} is missing`);
    assert.match(line, /^- .+ \(.+\): https:\/\//);
    const text = texts.get(title) ?? "";
    assert.ok(text.length > 500, `${title} has no text`);
    const [, license] = /\((.+)\): /.exec(line);
    const expected = [
      ["MPL-2.0", /Mozilla Public License/],
      ["MIT", /Permission is hereby granted|Apache License/],
      ["Apache-2.0", /Apache License|Permission is hereby granted/],
    ];
    for (const [name, words] of expected)
      if (license.includes(name)) assert.match(text, words, title);
  }
  // Macros only run when the package is built. None of their code is in it.
  assert.doesNotMatch(list, /^- (syn|quote|proc-macro2) /m);
});
