// Hands one client to all components below.

import { createContext, createElement, useContext } from "react";
import { configurationError } from "../client/local-errors.js";
import { useComplaint } from "./warn-once.js";

const ClientContext = /* @__PURE__ */ createContext(undefined);

const MISSING =
  "there is no client; put <ThetaOneProvider client={theta}> around the page, where theta is a ThetaOne";

/**
 * Stands in for a missing client, so that the page goes on: each of its members is a method that rejects with a
 * `ConfigurationError`, and has such members, as `outbox.list` is one.
 */
const noClient = /* @__PURE__ */ new Proxy(() => {}, {
  // Neither a promise nor anything that is converted.
  get: (_, name) => (typeof name === "symbol" || name === "then" ? undefined : noClient),
  apply() {
    const rejected = Promise.reject(configurationError(MISSING));
    // The console has the problem already, where nobody handles the rejection.
    rejected.catch(() => {});
    return rejected;
  },
});

export function ThetaOneProvider({ client, children }) {
  return createElement(ClientContext.Provider, { value: client }, children);
}

export function useThetaOne() {
  const client = useContext(ClientContext);
  const isMissing = typeof client?.record !== "function";
  useComplaint(isMissing && MISSING);
  return isMissing ? noClient : client;
}
