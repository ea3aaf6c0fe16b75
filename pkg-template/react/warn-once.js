// Reports mistakes of the page's developer.

import { useEffect } from "react";

/**
 * Writes `problem` to the console once, if there is one. Throws nothing, because a hook that throws
 * would remove the whole page.
 * @param {string | false | undefined} problem
 */
export function useWarnOnce(problem) {
  useEffect(() => {
    if (problem) console.error(`thetaone-web/react: ${problem}`);
  }, [problem]);
}
