// The audio contexts of a recording.

/**
 * Returns a new context, which resumes when the system has suspended it: iOS interrupts the contexts
 * of a page during a phone call, and may leave them suspended afterwards. Throws if the browser
 * grants no more contexts.
 */
export function openContext() {
  const context = new AudioContext();
  context.onstatechange = () => {
    if (!["running", "closed"].includes(context.state)) context.resume().catch(() => {});
  };
  return context;
}

/**
 * Closes a context, of which browsers grant only a few.
 * @param {AudioContext} context
 */
export function closeContext(context) {
  context.close().catch(() => {});
}
