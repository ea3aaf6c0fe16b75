// How fast, how well and in how much memory audio is made ready, next to what else a page could use.

import { measureLength } from "./length.mjs";
import { measureMemory } from "./memory.mjs";
import { measureRecordings } from "./recordings.mjs";
import { measureSpeed } from "./speed.mjs";

export async function run(lab) {
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
    const measured = await measure(lab);
    results[name] = measured.results;
    tables.push(...measured.tables);
  }
  return { results, tables };
}
