// Uses of the entries other than the default one.

import { NotAllWordsSpokenError, ThetaOneError } from "thetaone-web/errors";
import type { ErrorCode, RequestOptions, ThetaOneOptions, Transcript } from "thetaone-web/errors";
import { ThetaOne, init } from "thetaone-web/external";
import type { WasmSource } from "thetaone-web/external";
import type { ThetaOne as Default } from "thetaone-web";

await init("/core_bg.wasm");
await init(new URL("core_bg.wasm", location.href));
await init(fetch("/core_bg.wasm"));
const sources: WasmSource[] = [
  new ArrayBuffer(8),
  new Uint8Array(8),
  new WebAssembly.Module(new Uint8Array(8)),
  new Response(),
];
for (const source of sources) await init(source);

const options: ThetaOneOptions = { baseUrl: "/api" };
const request: RequestOptions = { deadlineMs: 1000 };
// Code for the clients of one entry accepts the clients of the other.
const theta: Default = new ThetaOne(options);
const { text } = (await theta.transcribe(new ArrayBuffer(4), {}, request)) satisfies Transcript;
void text;

export function codeOf(error: unknown): ErrorCode | undefined {
  if (error instanceof NotAllWordsSpokenError) return error.code satisfies "NOT_ALL_WORDS_SPOKEN";
  return ThetaOneError.is(error) ? error.code : undefined;
}

// @ts-expect-error it has to come from somewhere
await init();
// TypeScript's WebAssembly.Module has no members, so that any object is taken for one.
// @ts-expect-error null is none
await init(null);
// @ts-expect-error only the SDK makes its errors
new ThetaOneError();
