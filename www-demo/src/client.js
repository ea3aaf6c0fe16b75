// The clients of the API, all with an outbox.

import { ThetaOne } from "thetaone-web";

/** Creates a client. With `scenario`, the emulator fails as it says, and soon. */
export const createClient = (scenario) =>
  new ThetaOne({
    baseUrl: "/api/theta",
    outbox: true,
    references: { persist: true },
    ...(scenario && { headers: { "x-demo-scenario": scenario }, attemptTimeoutMs: 8_000 }),
  });

export const theta = createClient();
