// Makes the calls in a runtime that cannot compile wasm: the import of the wasm is a compiled
// module.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError, init } from "thetaone-web/external";
import { ThetaOne as Inlined } from "thetaone-web";
import wasm from "thetaone-web/core_bg.wasm";
import { calls } from "../app/calls.js";

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/inlined") {
      const error = await new Inlined({ baseUrl: "https://localhost" })
        .ready()
        .catch((error) => error);
      return Response.json({ name: error?.name, message: error?.message });
    }
    await init(wasm);
    const base = searchParams.get("base");
    return Response.json(
      await calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }, { base, recording: false }),
    );
  },
};
