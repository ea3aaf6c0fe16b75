// What a conversion holds at its peak, beyond its input and its output.

import { megabytes } from "../table.mjs";
import { NAMES } from "./names.mjs";

const MINUTES = [1, 10];
const FORMAT = { rate: 48_000, channels: 2 };

export async function measureMemory(lab) {
  const results = [];
  for (const minutes of MINUTES) {
    for (const contender of Object.keys(NAMES)) {
      // A fresh browser each time: freed memory is not always given back.
      results.push(await lab.onFreshBench((bench) => measured(bench, contender, minutes)));
    }
  }
  return { results, tables: [table(results)] };
}

async function measured(bench, contender, minutes) {
  const inputBytes = await bench.call("make", "input", { ...FORMAT, repeats: minutes });
  await bench.call("load", contender);
  await bench.collectGarbage();
  const wasmBefore = sum(await bench.wasmBytes());
  const heapBefore = await bench.call("heapBytes");
  const residentBefore = await bench.renderer.watchMemory();
  const { bytes: outputBytes, heapBytes: heapPeak } = await bench.call("run", contender, "input", ["heapBytes"]);
  const residentPeak = await bench.renderer.memoryPeak();
  const wasmAfter = sum(await bench.wasmBytes());
  return {
    contender,
    minutes,
    inputBytes,
    outputBytes,
    wasm: { beforeBytes: wasmBefore, afterBytes: wasmAfter },
    heap: { beforeBytes: heapBefore, peakBytes: heapPeak, extraBytes: heapPeak - heapBefore - outputBytes },
    resident: {
      beforeBytes: residentBefore,
      peakBytes: residentPeak,
      extraBytes: residentPeak === null ? null : residentPeak - residentBefore - outputBytes,
    },
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

function table(results) {
  return {
    title: "Memory in MB: extra = peak − before − output",
    head: ["", "minutes", "input", "output", "wasm before", "wasm after", "JS heap extra", "process extra", "÷ output"],
    rows: results.map(({ contender, minutes, inputBytes, outputBytes, wasm, heap, resident }) => [
      NAMES[contender],
      minutes,
      megabytes(inputBytes),
      megabytes(outputBytes),
      megabytes(wasm.beforeBytes),
      megabytes(wasm.afterBytes),
      megabytes(heap.extraBytes),
      megabytes(resident.extraBytes),
      resident.extraBytes === null ? "–" : (resident.extraBytes / outputBytes).toFixed(1),
    ]),
    note:
      "JS heap: with array buffers, seen by a timer, so blind while a peer blocks the thread. Process: resident memory\n" +
      "of the page's process, as Linux counts it; the files themselves, as Blobs, lie in another process.",
  };
}
