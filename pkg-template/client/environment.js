// Where this runs.

/** Whether everyone can read what is in it: a window, or a worker. */
export function isBrowser() {
  const scope = globalThis.WorkerGlobalScope;
  return (
    typeof globalThis.document === "object" ||
    (typeof scope === "function" && globalThis instanceof scope)
  );
}
