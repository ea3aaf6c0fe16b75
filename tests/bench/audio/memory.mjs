// Measures the peak memory of a conversion, beyond the memory before it.

import { megabytes } from "../table.mjs";
import { NAMES } from "./names.mjs";

const MINUTES = [1, 10];
const FORMAT = { rate: 48_000, channels: 2 };

export async function measureMemory(browser) {
  const results = [];
  for (const minutes of MINUTES) {
    for (const competitor of Object.keys(NAMES)) {
      // A new browser for each, because a process does not always return freed memory.
      results.push(await browser.withFreshPage((bench) => measured(bench, competitor, minutes)));
    }
  }
  return { results, tables: [table(results)] };
}

async function measured(bench, competitor, minutes) {
  const inputBytes = await bench.call("createInput", "input", { ...FORMAT, repeats: minutes });
  await bench.call("load", competitor);
  await bench.collectGarbage();
  const wasmBefore = sum(await bench.wasmBytes());
  const heapBefore = await bench.call("heapBytes");
  const residentBefore = await bench.renderer.resetMemoryPeak();
  const { bytes: outputBytes, heapBytes: heapPeak } = await bench.call("run", competitor, "input", [
    "heapBytes",
  ]);
  const residentPeak = await bench.renderer.memoryPeak();
  const wasmAfter = sum(await bench.wasmBytes());
  return {
    competitor,
    minutes,
    inputBytes,
    outputBytes,
    wasm: { beforeBytes: wasmBefore, afterBytes: wasmAfter },
    heap: { beforeBytes: heapBefore, peakBytes: heapPeak },
    // Wasm memory never shrinks, so it is largest at the end.
    heapAndWasmExtraBytes: heapPeak - heapBefore + wasmAfter - wasmBefore,
    resident: {
      beforeBytes: residentBefore,
      peakBytes: residentPeak,
      extraBytes: residentPeak === null ? null : residentPeak - residentBefore,
    },
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

function table(results) {
  const beyond = (extra, output) => megabytes(extra === null ? null : extra - output);
  return {
    title: "Peak memory of one conversion in a fresh page, in MB: extra = peak − before",
    head: [
      "",
      "minutes",
      "input",
      "output",
      "wasm before",
      "wasm after",
      "heap + wasm extra",
      "− output",
      "process extra",
      "− output",
    ],
    rows: results.map(
      ({ competitor, minutes, inputBytes, outputBytes, wasm, heapAndWasmExtraBytes, resident }) => [
        NAMES[competitor],
        minutes,
        megabytes(inputBytes),
        megabytes(outputBytes),
        megabytes(wasm.beforeBytes),
        megabytes(wasm.afterBytes),
        megabytes(heapAndWasmExtraBytes),
        beyond(heapAndWasmExtraBytes, outputBytes),
        megabytes(resident.extraBytes),
        beyond(resident.extraBytes, outputBytes),
      ],
    ),
    note:
      "Heap: of JavaScript, with array buffers, seen by a timer, so blind while a peer blocks the thread. Process: resident\n" +
      "memory of the page's process, as Linux counts it, code included; Blobs, as the input and in the end the output,\n" +
      "lie in another process, which is why less than the output may be held at a time.",
  };
}
