import { createProxy } from "thetaone-web/server";

export const POST = createProxy({
  apiKey: process.env.THETA_ONE_API_KEY,
  baseUrl: process.env.THETA_ONE_BASE_URL, // the emulator, if it is set
  // Your own check. Without it, every page of this site may call:
  // authorize: async (request) => hasSession(request),
});
