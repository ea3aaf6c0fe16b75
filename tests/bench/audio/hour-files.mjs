// Measures the peak memory of a page that converts an hour in a container.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { matroska, mp4, mp4Packets, oggPages } from "../../files/boxes.mjs";
import { fixed, megabytes } from "../table.mjs";

const HOUR_SECONDS = 3_600;

const recording = (name) =>
  readFileSync(new URL(`../../fixtures/recordings/${name}`, import.meta.url));

/**
 * Files of an hour, which repeat a short recording: WebM with Opus, as a recorder writes it, and
 * MP4 with AAC.
 */
export const HOURS = {
  webm() {
    const pages = oggPages(recording("firefox.ogg"));
    const packets = pages.slice(2).flatMap(({ segments, body }) => {
      let end = 0;
      // No packet is longer than a segment.
      return Array.from(segments, (size) => {
        end += size;
        return body.subarray(end - size, end);
      });
    });
    const all = repeat(packets, HOUR_SECONDS / 0.02);
    return matroska(all, {
      codec: "A_OPUS",
      rate: 48_000,
      codecPrivate: pages[0].body,
      ms: 20,
      perCluster: 500,
    });
  },
  mp4() {
    const { packets, entry } = mp4Packets(recording("aac.m4a"));
    const all = repeat(packets, (HOUR_SECONDS * 48_000) / 1_024);
    return mp4(all, { entry, scale: 48_000, ticks: 1_024, edit: [{ time: 1_024, duration: 0 }] });
  },
};

const repeat = (packets, count) =>
  Array.from({ length: Math.round(count) }, (_, index) => packets[index % packets.length]);

/** Serves the files to a page of another origin. */
export async function serveHours() {
  const server = createServer((request, response) => {
    response.writeHead(200, {
      "Access-Control-Allow-Origin": "*",
      "Cross-Origin-Resource-Policy": "cross-origin",
    });
    response.end(HOURS[request.url.slice(1)]());
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: (name) => `http://127.0.0.1:${server.address().port}/${name}`,
    close: () => server.close(),
  };
}

export async function measureRecordings(browser) {
  const server = await serveHours();
  const results = [];
  try {
    for (const container of Object.keys(HOURS)) {
      results.push(
        await browser.withFreshPage((bench) => measured(bench, container, server.url(container))),
      );
    }
  } finally {
    server.close();
  }
  return { results, tables: [table(results)] };
}

async function measured(bench, container, url) {
  const inputBytes = await bench.call("fetchInput", container, url);
  await bench.call("load", "ours");
  await bench.collectGarbage();
  const residentBefore = await bench.renderer.resetMemoryPeak();
  const { ms, bytes } = await bench.call("run", "ours", container);
  const residentPeak = await bench.renderer.memoryPeak();
  const extraBytes = residentPeak === null ? null : residentPeak - residentBefore;
  return { container, inputBytes, outputBytes: bytes, ms, extraBytes };
}

function table(results) {
  return {
    title:
      "Peak memory of an hour in a container, converted in a window, in MB: extra = peak − before",
    head: ["", "input", "output", "seconds", "process extra"],
    rows: results.map(({ container, inputBytes, outputBytes, ms, extraBytes }) => [
      container,
      megabytes(inputBytes),
      megabytes(outputBytes),
      fixed(ms / 1_000),
      megabytes(extraBytes),
    ]),
    note: "Process: resident memory of the page's process, as Linux counts it. Blobs lie in another process.",
  };
}
