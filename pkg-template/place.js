// Where this runs.

/** There nothing can be imported on demand. */
export function inServiceWorker() {
  const scope = globalThis.ServiceWorkerGlobalScope;
  return typeof scope === "function" && globalThis instanceof scope;
}
