// What was proven, as a table: on stdout and in target/.

import { mkdirSync, writeFileSync } from "node:fs";

const folder = new URL("../../target/bundlers/", import.meta.url);
const COLUMNS = ["tool", "version", "page", "worker", "external", "note"];
const rows = [];

/** Adds a row, and gives it, to be completed by what is proven. */
export function row(tool, version, note) {
  const row = { tool, version, note };
  rows.push(row);
  return row;
}

/** Runs a check; how it goes is what the row says in `column`. */
export async function proven(row, column, check) {
  row[column] = "**fails**";
  await check();
  row[column] = "ok";
}

export function print() {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const table = [
    line(COLUMNS),
    line(COLUMNS.map(() => "---")),
    ...rows.map((row) => line(COLUMNS.map((column) => row[column] ?? "–"))),
  ].join("\n");
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("matrix.md", folder), `${table}\n`);
  console.log(`\n${table}\n`);
}
