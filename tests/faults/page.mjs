// Writes docs/faults.md from the table and from the times in measured.json. If FAULTS_RECORD is
// set, first updates measured.json with the times of that file.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectedOf, ROWS } from "./table.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
export const PAGE = path("../../docs/faults.md");
const MEASURED = path("./measured.json");

const WAYS = [
  ["Chromium, fetch", "fetch", "chromium", "chromium fetch"],
  ["Chromium, XHR", "xhr", "chromium", "chromium xhr"],
  ["Firefox, fetch", "fetch", "firefox", "firefox fetch"],
  ["Firefox, XHR", "xhr", "firefox", "firefox xhr"],
  ["WebKitGTK, fetch", "fetch", "webkit", "webkit fetch"],
  ["WebKitGTK, XHR", "xhr", "webkit", "webkit xhr"],
  ["Node, fetch", "node", "node", "node"],
];

/** Returns the outcome of a call in words. */
function inWords({ name, reason, status, attempts, requests, retryAfterMs }) {
  if (name === "success") return "the result";
  const waits =
    Array.isArray(retryAfterMs) &&
    (retryAfterMs[0] < 1e9
      ? `, \`retryAfterMs\` ${retryAfterMs[0]}`
      : ", `retryAfterMs` to that date");
  const more = [
    reason && `\`${reason}\``,
    name === "UnexpectedStatusError" && `status ${status}`,
  ].filter(Boolean);
  const sent = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  const seen =
    requests !== undefined && requests !== attempts
      ? ` (${requests} ${requests === 1 ? "request" : "requests"})`
      : "";
  return `${[`\`${name}\``, ...more].join(" ")}, ${sent}${seen}${waits || ""}`;
}

/** Returns the shortest and the longest time of a row. */
function times(row, measured) {
  const all = Object.values(measured[`${row.group}: ${row.title}`] ?? {});
  if (all.length === 0) return "–";
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

export function page() {
  const measured = existsSync(MEASURED) ? JSON.parse(readFileSync(MEASURED, "utf8")) : {};
  const lines = [];
  let group;
  for (const row of ROWS) {
    if (row.group !== group) {
      group = row.group;
      lines.push(
        "",
        `## ${group}`,
        "",
        "| response of the server | outcome of the call | ms |",
        "|---|---|---|",
      );
    }
    const ends = WAYS.map(([title, transport, engine]) => [
      title,
      inWords(expectedOf(row, transport, engine)),
    ]);
    // The outcome of most ways, then those that differ.
    const counts = new Map();
    for (const [, end] of ends) counts.set(end, (counts.get(end) ?? 0) + 1);
    const [usual] = [...counts].sort(([, a], [, b]) => b - a)[0];
    const others = new Map();
    for (const [title, end] of ends)
      if (end !== usual) others.set(end, [...(others.get(end) ?? []), title]);
    const differing = [...others].map(([end, titles]) => `${titles.join("; ")}: ${end}`);
    lines.push(
      `| ${row.title.replaceAll("|", "\\|")} | ${[usual, ...differing].join(". ")} | ${times(row, measured)} |`,
    );
  }
  return `# Network failures

Generated from \`tests/faults/table.mjs\` by \`node tests/faults/page.mjs\`. The tests run every row against a server over raw
TCP: in Chromium, Firefox and WebKitGTK with fetch and with XMLHttpRequest, and in Node with fetch. Each row allows two
attempts (the rows of \`Retry-After\` allow one). After each row, another call on the same client must succeed. In no row does
a request reach another origin. Responses are read up to a limit: 64 KiB of an error and 16 MiB of a success, and 1 MiB more
with XMLHttpRequest.

Browsers read more than these limits before they stop. With XMLHttpRequest, Chromium read up to 27 MB of an endless response,
and Firefox 53 MB. WebKitGTK continues to read while its page is busy: 200 MB and more. With XMLHttpRequest, Firefox counts
compressed bytes before it decompresses them. So it decompresses a gzip bomb as a whole, outside of the page's memory, and
then drops it.

An attempt may take 1 s in the rows whose response or body never arrives (more, if a busy machine has received no head by
then), and 30 s in all others. The times are those of one run, from the fastest to the slowest browser and transport.
${lines.join("\n")}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.env.FAULTS_RECORD) {
    const recorded = JSON.parse(readFileSync(process.env.FAULTS_RECORD, "utf8"));
    const current = ROWS.map(({ group, title }) => `${group}: ${title}`).filter(
      (name) => recorded[name],
    );
    writeFileSync(
      MEASURED,
      `${JSON.stringify(Object.fromEntries(current.map((name) => [name, recorded[name]])), undefined, 1)}\n`,
    );
  }
  writeFileSync(PAGE, page());
}
