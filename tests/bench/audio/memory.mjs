// What a conversion holds at its peak, beyond what was there before.

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
  const { bytes: outputBytes, heapBytes: heapPeak } = await bench.call("run", contender, "input", [
    "heapBytes",
  ]);
  const residentPeak = await bench.renderer.memoryPeak();
  const wasmAfter = sum(await bench.wasmBytes());
  return {
    contender,
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
      ({ contender, minutes, inputBytes, outputBytes, wasm, heapAndWasmExtraBytes, resident }) => [
        NAMES[contender],
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
