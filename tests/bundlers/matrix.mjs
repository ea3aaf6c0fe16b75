// Writes the results of the bundler tests as a table, to stdout and to target/.

import { mkdirSync, writeFileSync } from "node:fs";

const folder = new URL("../../target/bundlers/", import.meta.url);
const TITLES = {
  tool: "tool",
  version: "version",
  page: "`thetaone-web`",
  worker: "the same in a worker",
  external: "`thetaone-web/external`",
  note: "note",
};
const rows = [];

/** Adds a row to the table and returns it. Checks write their results into it. */
export function row(tool, version, note) {
  const row = { tool, version, note };
  rows.push(row);
  return row;
}

/** Runs a check and writes its result into `column` of the row. */
export async function proven(row, column, check) {
  row[column] = "**fails**";
  await check();
  row[column] = "ok";
}

export function print() {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const table = [
    line(Object.values(TITLES)),
    line(Object.keys(TITLES).map(() => "---")),
    ...rows.map((row) => line(Object.keys(TITLES).map((column) => row[column] ?? "–"))),
  ].join("\n");
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("matrix.md", folder), `${table}\n`);
  console.log(`\n${table}\n`);
}
