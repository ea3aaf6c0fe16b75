// Runs the steps. Before the last one, the page is reloaded, and the run continues there.

import { ThetaOne } from "thetaone-web";
import { describe, NotAvailable } from "./outcome.js";
import { saveRun } from "./saved-run.js";
import { STEPS } from "./steps.js";
import { round, withLimit } from "./time.js";

/** @import { ThetaOneOptions } from "thetaone-web" */
/** @import { Step } from "./steps.js" */

/**
 * @typedef {object} StepResult
 * @property {string} id
 * @property {"pass" | "fail" | "not available"} status
 * @property {string} [reason] why the step did not pass
 * @property {string} [firstReason] why the step was repeated
 * @property {number} durationMs
 * @property {object} numbers
 */

/**
 * A run so far. It can be stored as JSON.
 * @typedef {object} Run
 * @property {string} startedAt in UTC, ISO 8601
 * @property {string} language of the page
 * @property {StepResult[]} results
 * @property {{ outboxId?: string }} memory what a step leaves for a later one
 */

/**
 * The tools of a step.
 * @typedef {object} Tools
 * @property {AudioContext} context the page's; there is none after the reload
 * @property {(options?: ThetaOneOptions) => ThetaOne} createClient creates a client, which is
 *   disposed of after the step
 * @property {(release: () => unknown) => void} onEnd adds a function that is called after the step
 * @property {(textId: string) => void} ask shows what the user should do
 * @property {(id: string) => boolean} hasPassed whether a step before has passed
 * @property {Run["memory"]} memory
 */

/**
 * The reports of a run while it runs.
 * @typedef {object} Observer
 * @property {(step: Step) => void} onStep
 * @property {(result: StepResult) => void} onResult
 * @property {(textId: string) => void} ask
 */

const STEP_LIMIT_MS = 20_000;

/**
 * Creates a run without results.
 * @param {string} language
 * @returns {Run}
 */
export const newRun = (language) => ({
  startedAt: new Date().toISOString(),
  language,
  results: [],
  memory: {},
});

/**
 * Runs the steps that `run` lacks. Returns true if all have a result, and false if the page is
 * being reloaded.
 * @param {Run} run
 * @param {AudioContext | undefined} context
 * @param {Observer} observer
 */
export async function runSteps(run, context, observer) {
  const add = (/** @type {StepResult} */ result) => {
    run.results.push(result);
    observer.onResult(result);
  };
  while (run.results.length < STEPS.length) {
    const step = /** @type {Step} */ (STEPS[run.results.length]);
    observer.onStep(step);
    let { tools, release } = createTools(run, context, observer.ask);
    let result = await runStep(step, tools, run.results);
    if (step.isRepeatable && result.status === "fail") {
      await release();
      ({ tools, release } = createTools(run, context, observer.ask));
      const { reason } = result;
      result = { ...(await runStep(step, tools, run.results)), firstReason: reason };
    }
    add(result);
    const next = STEPS[run.results.length];
    if (next?.isAfterReload && !missingNeed(next, run.results)) {
      // Releases nothing: the reload interrupts what the step has left in progress.
      if (saveRun(run)) return false;
      add(notRun(next, "the browser does not keep sessionStorage for the reload"));
    }
    await release();
  }
  return true;
}

/**
 * Creates the tools of one step.
 * @param {Run} run
 * @param {AudioContext | undefined} context
 * @param {Observer["ask"]} ask
 * @returns {{ tools: Tools, release: () => Promise<void> }}
 */
function createTools(run, context, ask) {
  /** @type {(() => unknown)[]} */
  const releases = [];
  let isReleased = false;
  // The last one is called first: it may need a client. A step that took too long comes late.
  const onEnd = (/** @type {() => unknown} */ release) => {
    if (isReleased) release();
    else releases.unshift(release);
  };
  /** @type {Tools} */
  const tools = {
    context: /** @type {AudioContext} */ (context),
    createClient(options) {
      const theta = new ThetaOne({ baseUrl: "/api/theta", ...options });
      onEnd(() => theta.dispose());
      return theta;
    },
    onEnd,
    ask,
    hasPassed: (id) => hasPassed(id, run.results),
    memory: run.memory,
  };
  const release = async () => {
    isReleased = true;
    for (const undo of releases) {
      try {
        await undo();
      } catch {
        // The step has reported its result, and the next one must not suffer.
      }
    }
  };
  return { tools, release };
}

/**
 * @param {Step} step
 * @param {Tools} tools
 * @param {StepResult[]} results of the steps before
 * @returns {Promise<StepResult>}
 */
async function runStep(step, tools, results) {
  const missing = missingNeed(step, results);
  if (missing) return notRun(step, `it needs the step "${missing}"`);
  const startMs = performance.now();
  const resultOf = (/** @type {Omit<StepResult, "id" | "durationMs">} */ outcome) => ({
    id: step.id,
    durationMs: round(performance.now() - startMs),
    ...outcome,
  });
  try {
    const numbers = await withLimit(step.run(tools), step.limitMs ?? STEP_LIMIT_MS);
    return resultOf({ status: "pass", numbers });
  } catch (error) {
    const { numbers = {} } = /** @type {{ numbers?: object }} */ (error);
    const status = error instanceof NotAvailable ? "not available" : "fail";
    return resultOf({ status, reason: describe(error), numbers });
  }
}

/**
 * @param {Step} step
 * @param {string} reason
 * @returns {StepResult}
 */
const notRun = ({ id }, reason) => ({
  id,
  status: "not available",
  reason,
  durationMs: 0,
  numbers: {},
});

/**
 * Returns the first step that `step` needs and that did not pass.
 * @param {Step} step
 * @param {StepResult[]} results
 */
const missingNeed = ({ needs = [] }, results) => needs.find((id) => !hasPassed(id, results));

/**
 * @param {string} id
 * @param {StepResult[]} results
 */
const hasPassed = (id, results) =>
  results.some((result) => result.id === id && result.status === "pass");
