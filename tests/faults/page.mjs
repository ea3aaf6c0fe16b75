// Writes docs/faults.md: the table, and the times of the run that measured.json holds. `node tests/faults/page.mjs` writes it,
// with the times that FAULTS_RECORD has kept, if that is set.

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

/** A call's end in words. */
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

/** The longest and the shortest that it took. */
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
        "| the server | what a call comes to | ms |",
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
  return `# What happens when the network fails

Generated from \`tests/faults/table.mjs\` by \`node tests/faults/page.mjs\`; the tests run every row against a server over raw
TCP: in Chromium, Firefox and WebKitGTK by fetch and by XMLHttpRequest, and in Node by fetch. Each row asks for two attempts at
most (those of \`Retry-After\` for one), and after each row one more call on the same client has to succeed. Nothing reaches
another origin in any row, and no answer is taken without a bound: 64 KiB of one that is an error and 16 MiB of a success, and
1 MiB more by XMLHttpRequest.

A browser takes more than that before it stops. Of an endless answer, Chromium took up to 27 MB and Firefox 53 MB by
XMLHttpRequest. WebKitGTK reads on for as long as its page is busy: 200 MB and more. By XMLHttpRequest, Firefox counts what comes
compressed before it is unpacked: a gzip bomb is unpacked as a whole, out of memory, and dropped then.

An attempt has 1 s in the rows whose body or answer does not come (more, where a busy machine brings no head by then), and 30 s
in all others. The times are those of one run, from the fastest way to the slowest.
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
