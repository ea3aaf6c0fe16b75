// The page's callbacks.

/**
 * Calls it, if there is one. What it throws is the page's error: it is reported like one thrown in an event listener.
 */
export function notify(callback, message) {
  try {
    callback?.(message);
  } catch (error) {
    // Node has no reportError; there, and only there, a throwing callback is silent.
    globalThis.reportError?.(error);
  }
}
