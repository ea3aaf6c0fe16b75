// Formats tables and numbers as text.

/** Formats a table with a title, a head and a note. The first column is left-aligned. */
export function formatTable({ title, head, rows, note }) {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
      )
      .join("  "),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [title, text[0], rule, ...text.slice(1), ...(note ? [note] : [])].join("\n");
}

/** Formats a number, or `null` if it could not be measured. */
export const fixed = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : "–");
export const ratio = (value) => `${fixed(value, value < 10 ? 2 : 1)}×`;
export const megabytes = (bytes) => (bytes === null ? "–" : fixed(bytes / 1e6, 1));
export const range = (values) => `${fixed(Math.min(...values))}–${fixed(Math.max(...values))}`;

export function mean(values) {
  return values.includes(null)
    ? null
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the standard error of the mean. */
export function standardError(values) {
  const average = mean(values);
  if (average === null) return null;
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2)) / (values.length - 1));
}

export function median(values) {
  if (values.includes(null)) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
