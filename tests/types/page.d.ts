// Declarations of the variables that the examples of the documentation use without declaring them.

import type { Audio, NativeAnalysis, Take, ThetaOne, ThetaOneEvent } from "thetaone-web";

declare global {
  const theta: ThetaOne;
  const take: Take;
  const file: File;
  const native: NativeAnalysis;
  const recording: Audio;
  const sentence: string;
  const button: HTMLButtonElement;
  function show(what: unknown): void;
  function say(text: string): void;
  function meter(dbfs: number): void;
  function bar(share: number): void;
  function askToReadAgain(): void;
  function log(event: ThetaOneEvent): void;
  function accessToken(): Promise<string>;
  // On the server.
  const process: { readonly env: Readonly<Record<string, string | undefined>> };
  const app: { use(path: string, handler: (request: any, response: any) => Promise<void>): void };
  const limiter: import("thetaone-web/server").SharedLimiter;
  function hasSession(request: Request): Promise<boolean>;
  function sessionOf(request: Request): Promise<{ readonly userId: string } | undefined>;
  function userIdOf(request: Request): Promise<string>;
}
