// One call of the API at a time.

import { ENDPOINTS } from "../catalogue.js";
import { described } from "../client/describe-type.js";
import { configurationError } from "../client/local-errors.js";
import { copied, frozen } from "../client/arguments.js";
import { useComplaint } from "./warn-once.js";
import { both, joined } from "./client-options.js";
import { useThetaOne } from "./provider.js";
import { Store, useStore } from "./external-store.js";

class CallStore extends Store {
  /** Aborts the call that runs. */
  #controller;
  /** The arguments of the last call, and in `partial` the parts that a failed `transcribeLong` has. */
  #last;
  #isClosed = false;
  #actions = {
    run: (...given) => {
      this.#last = { given: asTheyAre(given) };
      return this.#run(this.#last);
    },
    retry: async () => this.#last && this.#run(this.#last),
    abort: () => this.#abort(),
  };

  constructor() {
    super();
    this.begin(this.#view("idle"));
  }

  open() {
    this.#isClosed = false;
    globalThis.addEventListener("pagehide", this.#leave);
  }

  close() {
    this.#isClosed = true;
    globalThis.removeEventListener("pagehide", this.#leave);
    this.#abort();
  }

  /** Lets the call fail, so that it can be repeated if the page comes back. */
  #leave = () => this.#controller?.abort(new DOMException("the page was left", "AbortError"));

  async #run(last) {
    this.#controller?.abort();
    if (this.#isClosed) return undefined;
    const controller = new AbortController();
    this.#controller = controller;
    this.#enter("running");
    const isCurrent = () => this.#controller === controller;
    const settle = (...view) => {
      if (!isCurrent()) return;
      this.#controller = undefined;
      this.#enter(...view);
    };

    const show = (progress) => isCurrent() && this.#enter("running", { progress });
    let release;
    try {
      const [client, method] = this.latest;
      if (problemOf(method)) throw configurationError(problemOf(method));
      const [audio, options, given] = last.given;
      const resume = last.partial && { resume: last.partial };
      const request = joined(given, controller, (copy) => ({
        onProgress: both(show, copy?.onProgress),
        ...resume,
      }));
      release = request.release;
      const result = await client[method](audio, options, request.options);
      last.partial = undefined;
      const isWanted = isCurrent();
      settle("done", { result });
      return isWanted ? result : undefined;
    } catch (error) {
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
    this.#enter("idle");
  }

  #enter(state, outcome) {
    this.show(this.#view(state, outcome));
  }

  #view(state, outcome) {
    return { state, ...outcome, ...this.#actions };
  }
}

/** Copies arguments for `retry()`, as the client does for itself; those that cannot be read, it refuses. */
function asTheyAre([audio, options, request]) {
  try {
    return [frozen(audio), copied("options", options), copied("request", request)];
  } catch {
    return [audio, options, request];
  }
}

function problemOf(method) {
  if (Object.hasOwn(ENDPOINTS, method)) return undefined;
  const given = typeof method === "string" ? `"${method}"` : described(method);
  return `useCall() takes ${Object.keys(ENDPOINTS).join(", ")}, got ${given}`;
}

export function useCall(method) {
  useComplaint(problemOf(method));
  const [, call] = useStore(CallStore, [useThetaOne(), method]);
  return call;
}
