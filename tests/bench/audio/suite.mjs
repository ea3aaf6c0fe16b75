// How fast, how well and in how much memory audio is made ready, next to what else a page could use.

import { measureLength } from "./length.mjs";
import { measureMemory } from "./memory.mjs";
import { measureSpeed } from "./speed.mjs";

export async function run(lab) {
  const results = {};
  const tables = [];
  for (const [name, measure] of Object.entries({ speed: measureSpeed, memory: measureMemory, length: measureLength })) {
    console.log(`▸ measuring ${name} …`);
    const measured = await measure(lab);
    results[name] = measured.results;
    tables.push(...measured.tables);
  }
  return { results, tables };
}
