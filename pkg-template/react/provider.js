// Provides one client to all components below.

import { createContext, createElement, useContext } from "react";
import { configurationError } from "../client/local-errors.js";
import { useWarnOnce } from "./warn-once.js";

/** @import { ThetaOne } from "../index.js" */

const ClientContext = /* @__PURE__ */ createContext(
  /** @type {ThetaOne | undefined} */ (undefined),
);

const NO_CLIENT =
  "there is no client; put <ThetaOneProvider client={theta}> around the page, " +
  "where theta is a ThetaOne";

/**
 * Stands in for a missing client, so that the page stays. Each of its members is a method that
 * rejects with a `ConfigurationError`, and has such members itself, as `outbox.list` needs.
 * @type {any}
 */
const noClient = /* @__PURE__ */ new Proxy(() => {}, {
  // Without symbols and `then`, the stand-in is neither a promise nor convertible.
  get: (_, name) => (typeof name === "symbol" || name === "then" ? undefined : noClient),
  apply() {
    const rejected = Promise.reject(configurationError(NO_CLIENT));
    // Avoids an unhandled rejection: the console shows the problem already.
    rejected.catch(() => {});
    return rejected;
  },
});

/** @type {typeof import("../react.js").ThetaOneProvider} */
export function ThetaOneProvider({ client, children }) {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** @type {typeof import("../react.js").useThetaOne} */
export function useThetaOne() {
  const client = useContext(ClientContext);
  const isMissing = typeof client?.record !== "function";
  useWarnOnce(isMissing && NO_CLIENT);
  return isMissing ? noClient : client;
}
