// Reading the packets of a WebM recording while it is written.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { element, matroska } from "../files/boxes.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const { WebmPackets } = await import(
  pathToFileURL(join(installed.folder, "record", "webm-packets.js")).href
);

/** Reads a file in parts of this size; returns its packets in hexadecimal. */
function packetsOf(bytes, partBytes = bytes.length) {
  const reader = new WebmPackets();
  const packets = [];
  for (let at = 0; at < bytes.length; at += partBytes) {
    for (const packet of reader.push(new Uint8Array(bytes.subarray(at, at + partBytes))))
      packets.push(Buffer.from(packet).toString("hex"));
  }
  const { channels, preSkip } = reader;
  return { channels, preSkip, packets };
}

const recording = (name) =>
  readFileSync(new URL(`../fixtures/recordings/${name}`, import.meta.url));

/** An OpusHead with this pre-skip. */
function opusHead(preSkip, channels = 1) {
  const head = Buffer.from("OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0", "latin1");
  head[9] = channels;
  head.writeUInt16LE(preSkip, 10);
  return head;
}

const file = (packets, options) =>
  matroska(
    packets.map((packet) => Buffer.from(packet, "hex")),
    {
      codec: "A_OPUS",
      rate: 48_000,
      codecPrivate: opusHead(312),
      ms: 60,
      perCluster: 2,
      ...options,
    },
  );

test("the packets of a file are read, in parts of any size", () => {
  const packets = ["00", "0102", "ff".repeat(300), "", "ab"];
  const bytes = file(packets);
  for (const partBytes of [1, 2, 7, 100, bytes.length])
    assert.deepEqual(packetsOf(bytes, partBytes), { channels: 1, preSkip: 312, packets });
  assert.equal(packetsOf(file(packets, { channels: 2 })).channels, 2);
});

test("packets are read as soon as they are complete", () => {
  const packets = ["0102", "0304"];
  const bytes = file(packets, { perCluster: 1 });
  assert.deepEqual(packetsOf(bytes.subarray(0, -1)).packets, ["0102"]);
});

for (const name of ["chromium.webm", "firefox.webm"]) {
  test(`a recording of a browser is read, in parts of any size: ${name}`, () => {
    const bytes = recording(name);
    const whole = packetsOf(bytes);
    assert.ok(whole.packets.length > 10, String(whole.packets.length));
    assert.equal(whole.channels, 1);
    // The packets are nearly all of a file.
    const size = whole.packets.reduce((sum, packet) => sum + packet.length / 2, 0);
    assert.ok(size > bytes.length * 0.8, `${size} of ${bytes.length} bytes`);
    for (const partBytes of [1, 13, 1_000]) assert.deepEqual(packetsOf(bytes, partBytes), whole);
  });
}

test("what recorders do not write is an error", () => {
  const header = element("1a45dfa3");
  const track = element("ae", element("9f", Buffer.from([1])));
  const block = (flags) => element("a3", Buffer.from([0x81, 0, 0, flags, 1, 2]));
  const unusual = {
    "two tracks": element("1654ae6b", track, track),
    "several packets in a block": block(0x82),
    "a block without flags": element("a3", Buffer.from([0x81])),
    "an empty block": element("a3"),
    "a block of unknown size": Buffer.from("a3ff", "hex"),
    "no number": Buffer.from("0000000000", "hex"),
  };
  for (const [what, bytes] of Object.entries(unusual))
    assert.throws(() => packetsOf(Buffer.concat([header, bytes])), Error, what);
  for (const name of ["firefox.ogg", "chromium.mp4"])
    assert.throws(() => packetsOf(recording(name)), Error, name);
});

test("random bytes are an error or have no packets, and never hang", () => {
  const webm = recording("chromium.webm");
  let state = 1;
  const random = (below) => {
    state = (state * 48_271) % 0x7fffffff;
    return state % below;
  };
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(webm.subarray(0, 4_000));
    for (let n = 0; n < 8; n++) bytes[random(bytes.length)] = random(256);
    try {
      packetsOf(bytes, 1 + random(500));
    } catch (error) {
      assert.ok(error instanceof Error);
    }
  }
});
