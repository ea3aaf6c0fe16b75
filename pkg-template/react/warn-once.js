// Mistakes of the page's developer.

import { useEffect } from "react";

/** Writes `problem` to the console, if there is one: a hook that threw would take the page down. */
export function useComplaint(problem) {
  useEffect(() => {
    if (problem) console.error(`thetaone-web/react: ${problem}`);
  }, [problem]);
}
