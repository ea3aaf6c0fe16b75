// The destination of the calls: the API with its key, or the emulator with a key for each scenario.

import { AsyncLocalStorage } from "node:async_hooks";

import { createProxy, toNodeHandler } from "thetaone-web/server";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Socket } from "node:net" */
/** @import { ProxyOptions } from "thetaone-web/server" */

/** The header in which the page names a scenario of the emulator. */
const SCENARIO_HEADER = "x-demo-scenario";

/** The scenario of calls that name none. */
const DEFAULT_SCENARIO = "ok";

/**
 * @typedef {object} Upstream
 * @property {{ mode: "api" | "emulator", scenarios: readonly object[] }} description tells the page
 *   whether the emulator responds, and which scenarios there are
 * @property {(request: IncomingMessage, response: ServerResponse) => Promise<void>} forward handles
 *   a call
 */

/**
 * Returns the API as upstream.
 * @param {ProxyOptions} options
 * @returns {Upstream}
 */
export function connectToApi(options) {
  const description = /** @type {const} */ ({ mode: "api", scenarios: [] });
  return { description, forward: toNodeHandler(createProxy(options)) };
}

/**
 * Returns the emulator at `url` as upstream. The scenario that a call names selects the key.
 * @param {string} url
 * @param {Omit<ProxyOptions, "apiKey">} options
 * @returns {Promise<Upstream>}
 */
export async function connectToEmulator(url, options) {
  const scenarios = await fetchScenarios(url);
  const keys = new Map(scenarios.map(({ id, key }) => [id, key]));

  /** @type {AsyncLocalStorage<Socket>} The connection to the page, during a call. */
  const pageSocket = new AsyncLocalStorage();
  const handle = toNodeHandler(
    createProxy({
      ...options,
      baseUrl: url,
      apiKey: ({ headers }) => keys.get(headers.get(SCENARIO_HEADER) ?? DEFAULT_SCENARIO),
      async fetch(target, init) {
        try {
          return await fetch(target, init);
        } catch (error) {
          // Some scenarios close the connection without a response.
          if (!init.signal?.aborted) pageSocket.getStore()?.destroy();
          throw error;
        }
      },
    }),
  );
  return {
    description: {
      mode: "emulator",
      scenarios: scenarios.map(({ key: _, ...scenario }) => scenario),
    },
    forward: (request, response) => pageSocket.run(request.socket, () => handle(request, response)),
  };
}

/**
 * Fetches the scenarios of the emulator at `url`, with their keys.
 * @param {string} url
 * @returns {Promise<{ id: string, key: string }[]>}
 */
async function fetchScenarios(url) {
  try {
    return await (await fetch(`${url}/scenarios`)).json();
  } catch (error) {
    throw new Error(`there is no emulator at ${url}`, { cause: error });
  }
}
