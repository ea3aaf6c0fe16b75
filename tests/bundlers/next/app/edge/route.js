// Makes the calls in the edge runtime, which cannot compile wasm at run time.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError, init } from "thetaone-web/external";
import wasm from "thetaone-web/core_bg.wasm?module";
import { calls } from "../../../app/calls.js";

export const runtime = "edge";

export async function GET(request) {
  const { searchParams } = new URL(request.url);
  await init(wasm);
  return Response.json(
    await calls(
      { NotAllWordsSpokenError, ThetaOne, ThetaOneError },
      { base: searchParams.get("base"), recording: false },
    ),
  );
}
