// Adds the times of a run, for docs/faults.md, to the file that FAULTS_RECORD names, if any.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

export function record(engine, transport, { group, title }, { tookMs }) {
  const file = process.env.FAULTS_RECORD;
  if (!file) return;
  const measured = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const column = engine === "node" ? "node" : `${engine} ${transport}`;
  measured[`${group}: ${title}`] = { ...measured[`${group}: ${title}`], [column]: tookMs };
  writeFileSync(file, `${JSON.stringify(measured, undefined, 1)}\n`);
}
