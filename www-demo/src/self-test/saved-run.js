// The run, which is stored while the page is reloaded.

/** @import { Run } from "./run.js" */

const KEY = "thetaone-web self-test";

/**
 * Stores the run. Returns false if the browser does not store it.
 * @param {Run} run
 */
export function saveRun(run) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(run));
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the run that reloaded the page, and forgets it: a later reload starts nothing.
 * @returns {Run | undefined}
 */
export function takeSavedRun() {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
