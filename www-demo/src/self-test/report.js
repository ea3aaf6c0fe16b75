// The report, which users copy into an issue. It contains no audio, no key and no name of a device.

import manifest from "thetaone-web/package.json";

/** @import { Run } from "./run.js" */

/** The address of the issue tracker, if the package names one. */
export const issuesUrl = /** @type {{ bugs?: { url?: string } }} */ (manifest).bugs?.url;

/**
 * Returns the report as an object.
 * @param {Run} run
 */
export function createReport({ startedAt, results }) {
  const count = (/** @type {string} */ status) =>
    results.filter((result) => result.status === status).length;
  return {
    package: `${manifest.name} ${manifest.version}`,
    engine: engineOf(navigator.userAgent),
    userAgent: navigator.userAgent,
    startedAt,
    seconds: Math.round((Date.now() - Date.parse(startedAt)) / 1000),
    passed: count("pass"),
    failed: count("fail"),
    notAvailable: count("not available"),
    steps: results,
  };
}

/**
 * Returns the report as text in Markdown: a line for each step, and all numbers as JSON.
 * @param {ReturnType<typeof createReport>} report
 */
export function reportText(report) {
  const { steps, ...summary } = report;
  const lines = steps.map(({ id, status, durationMs, reason }) =>
    [`- ${id}: **${status}**`, `${durationMs} ms`, reason].filter(Boolean).join(", "),
  );
  return [
    `Self-test of ${summary.package}: ${summary.passed} passed, ${summary.failed} failed, ` +
      `${summary.notAvailable} not available, in ${summary.seconds} s`,
    "",
    `${summary.engine}: ${summary.userAgent}`,
    "",
    ...lines,
    "",
    "```json",
    `{ "summary": ${JSON.stringify(summary)}, "steps": [`,
    steps.map((step) => JSON.stringify(step)).join(",\n"),
    "]}",
    "```",
    "",
  ].join("\n");
}

/**
 * Returns the name of the browser engine. On iOS, all browsers have WebKit.
 * @param {string} userAgent
 */
function engineOf(userAgent) {
  if (/(Chrome|Chromium)\//.test(userAgent)) return "Blink";
  if (/Gecko\/\d/.test(userAgent)) return "Gecko";
  return /AppleWebKit\//.test(userAgent) ? "WebKit" : "unknown";
}
