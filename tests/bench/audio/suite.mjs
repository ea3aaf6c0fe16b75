// Measures the speed, quality and memory of audio preparation, and of alternatives.

import { measureLength } from "./length.mjs";
import { measureMemory } from "./memory.mjs";
import { measureRecordings } from "./hour-files.mjs";
import { measureSpeed } from "./speed.mjs";

export async function run(browser) {
  const results = {};
  const tables = [];
  const measures = {
    speed: measureSpeed,
    memory: measureMemory,
    recordings: measureRecordings,
    length: measureLength,
  };
  for (const [name, measure] of Object.entries(measures)) {
    console.log(`▸ measuring ${name} …`);
    const measured = await measure(browser);
    results[name] = measured.results;
    tables.push(...measured.tables);
  }
  return { results, tables };
}
