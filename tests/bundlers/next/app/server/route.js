// Makes the calls on the server.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "thetaone-web";
import { calls } from "../../../app/calls.js";

export async function GET(request) {
  const base = new URL(request.url).searchParams.get("base");
  return Response.json(
    await calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }, { base, recording: false }),
  );
}
