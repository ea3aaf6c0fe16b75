// One call of the API at a time.

import { ENDPOINTS } from "../catalogue.js";
import { copyOptions, snapshotBytes } from "../client/arguments.js";
import { describeType } from "../client/describe-type.js";
import { configurationError } from "../client/local-errors.js";
import { chainCallbacks, withHookOptions } from "./client-options.js";
import { useOwnStore } from "./external-store.js";
import { useThetaOne } from "./provider.js";
import { StateMachine } from "./state-machine.js";
import { useWarnOnce } from "./warn-once.js";

/** @import { LongProgress, Progress, ThetaOne } from "../index.js" */
/** @import { CallMethod, UseCall } from "../react.js" */

/**
 * The last call: its arguments, and the parts that a failed `transcribeLong` has.
 * @typedef {{ args: unknown[], partial?: unknown }} LastCall
 */

/**
 * @typedef {object} CallActions
 * @property {(...args: unknown[]) => Promise<any>} run
 * @property {() => Promise<any>} retry
 * @property {() => void} abort
 */

/** @extends {StateMachine<UseCall<any>, CallActions, [client: ThetaOne, method: CallMethod]>} */
class CallStore extends StateMachine {
  /**
   * Aborts the call that runs.
   * @type {AbortController | undefined}
   */
  #controller;
  /** @type {LastCall | undefined} */
  #last;

  constructor() {
    const actions = {
      run: (/** @type {unknown[]} */ ...args) => {
        this.#last = { args: snapshotArguments(args) };
        return this.#run(this.#last);
      },
      retry: async () => this.#last && this.#run(this.#last),
      abort: () => this.#abort(),
    };
    // Lets the call fail when the page is left, so that it can be repeated if the page comes back.
    const onPageHide = () =>
      this.#controller?.abort(new DOMException("the page was left", "AbortError"));
    super(actions, onPageHide, actions.abort);
  }

  /** @param {LastCall} last */
  async #run(last) {
    this.#controller?.abort();
    if (this.isUnmounted) return undefined;
    const controller = new AbortController();
    this.#controller = controller;
    this.enter("running");
    const isCurrent = () => this.#controller === controller;
    /** @type {(state: "done" | "failed", outcome: object) => void} */
    const settle = (state, outcome) => {
      if (!isCurrent()) return;
      this.#controller = undefined;
      this.enter(state, outcome);
    };

    /** @param {Progress | LongProgress} progress */
    const onProgress = (progress) => {
      if (isCurrent()) this.enter("running", { progress });
    };
    let release;
    try {
      const [client, method] = this.latest;
      const problem = methodProblem(method);
      if (problem) throw configurationError(problem);
      const [audio, options, given] = last.args;
      const resume = last.partial ? { resume: last.partial } : {};
      const request = withHookOptions(given, controller, (copy) => ({
        onProgress: chainCallbacks(onProgress, copy?.onProgress),
        ...resume,
      }));
      release = request.release;
      const result = await /** @type {any} */ (client)[method](audio, options, request.options);
      last.partial = undefined;
      const isWanted = isCurrent();
      settle("done", { result });
      return isWanted ? result : undefined;
    } catch (/** @type {any} */ error) {
      last.partial = error?.partial ?? last.partial;
      settle("failed", { error, message: error?.userMessage?.() });
      return undefined;
    } finally {
      release?.();
    }
  }

  #abort() {
    if (!this.#controller) return;
    this.#controller.abort();
    this.#controller = undefined;
    this.enter("idle");
  }
}

/**
 * Copies arguments for `retry()`, as the client does for itself. Returns arguments that cannot be
 * read as they are, for the client to reject.
 * @param {unknown[]} args
 */
function snapshotArguments([audio, options, request]) {
  try {
    return [snapshotBytes(audio), copyOptions("options", options), copyOptions("request", request)];
  } catch {
    return [audio, options, request];
  }
}

/** @param {unknown} method */
function methodProblem(method) {
  if (Object.hasOwn(ENDPOINTS, /** @type {string} */ (method))) return undefined;
  const got = typeof method === "string" ? `"${method}"` : describeType(method);
  return `useCall() takes ${Object.keys(ENDPOINTS).join(", ")}, got ${got}`;
}

/** @type {typeof import("../react.js").useCall} */
export function useCall(method) {
  useWarnOnce(methodProblem(method));
  return /** @type {any} */ (useOwnStore(CallStore, [useThetaOne(), method]));
}
