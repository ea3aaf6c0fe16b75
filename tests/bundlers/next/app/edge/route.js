// The package in the edge runtime, which compiles nothing while it runs.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError, init } from "thetaone-web/external";
import { ThetaOne as Inlined } from "thetaone-web";
import wasm from "thetaone-web/core_bg.wasm?module";
import { calls } from "../../../app/calls.js";

export const runtime = "edge";

export async function GET(request) {
  const { searchParams } = new URL(request.url);
  if (searchParams.has("inlined")) {
    const error = await new Inlined({ baseUrl: "https://localhost" }).ready().catch((error) => error);
    return Response.json({ name: error?.name, message: error?.message });
  }
  await init(wasm);
  return Response.json(await calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }, { base: searchParams.get("base"), recording: false }));
}
