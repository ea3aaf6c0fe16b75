// Holds the tests of a file and runs them one at a time, in a page or in a worker.

import { watchForms } from "../../files/strict.js";

export { assert } from "../../node_modules/chai/index.js";
export { waitFor } from "../../support/wait-for.js";

const tests = new Map();
const uploadProblems = watchForms();

/** Adds a test. Each runs in a page of an origin of its own, so that it finds no data of others. */
export function test(name, work) {
  if (tests.has(name)) throw new Error(`two tests are called "${name}"`);
  tests.set(name, work);
}

/** Returns the names of all tests, in their order. */
export const testNames = () => [...tests.keys()];

/**
 * Runs a test. Returns what went wrong, or `undefined`. Uncaught errors and uploads that a strict
 * reader rejects fail it, too.
 */
export async function runTest(name) {
  const uncaught = [];
  addEventListener("error", ({ error, message }) =>
    uncaught.push(`uncaught: ${described(error ?? message)}`),
  );
  addEventListener("unhandledrejection", ({ reason }) =>
    uncaught.push(`unhandled rejection: ${described(reason)}`),
  );
  try {
    await tests.get(name)();
    await nextTask();
  } catch (error) {
    return [described(error), ...uncaught].join("\n");
  }
  const problems = [...uncaught, ...(await uploadProblems())];
  return problems.length > 0 ? problems.join("\n") : undefined;
}

// Stacks hold the message in Chromium only.
const described = (error) =>
  error?.stack?.includes(error.message) ? error.stack : `${error}\n${error?.stack ?? ""}`;

// Kept from before a test replaces it.
const { setTimeout } = globalThis;
const nextTask = () => new Promise((resolve) => setTimeout(resolve));

/** Returns the error with which `promise` rejects. */
export async function rejection(promise) {
  const [outcome] = await Promise.allSettled([promise]);
  if (outcome.status === "rejected") return outcome.reason;
  throw new Error(`resolved to ${JSON.stringify(outcome.value)}, and should have rejected`);
}
