// Reads whether the device is online.

/** Hosts of this machine, which respond without a network. */
const LOOPBACK = /^(.+\.)?localhost\.?$|^127(\.\d+){3}$|^0\.0\.0\.0$|^\[::(1|ffff:7f..:.*)?]$/;

/**
 * True if the browser says that the device is offline, and `url` is not on this machine. False is
 * not certain: a network without internet counts as online.
 * @param {string} url
 */
export function isOffline(url) {
  if (globalThis.navigator?.onLine !== false || !("addEventListener" in globalThis)) return false;
  try {
    return !LOOPBACK.test(new URL(url, globalThis.location?.href).hostname);
  } catch {
    return true;
  }
}

/**
 * Resolves when the browser is online again, or `signal` is aborted, which also removes the
 * listener.
 * @param {AbortSignal} signal
 */
export const untilOnline = (signal) =>
  new Promise((resolve) => {
    globalThis.addEventListener("online", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
