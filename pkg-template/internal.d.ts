// Types that several folders of the package share. Only `tsc` reads this file; it is not published.

import type { Attempt, EndpointPath, ErrorCategory, ErrorCode } from "./index.js";

/** The fields that an error is created from. Untrusted: the constructor checks each. */
export interface ErrorFields {
  readonly [name: string]: unknown;
  message?: string | undefined;
  detail?: string | undefined;
  cause?: unknown;
}

// Fields that the constructor assigns in a loop, where TypeScript does not see them.
declare module "./result/errors.js" {
  interface ThetaOneError {
    code: ErrorCode;
    category: ErrorCategory;
    status: number | undefined;
    detail: string | undefined;
    reason: string | undefined;
    retryable: boolean;
    retryAfterMs: number | undefined;
    endpoint: EndpointPath | undefined;
    attempts: readonly Attempt[];
    occurredAt: string;
    origin: "server" | "client";
    fix: string;
    helpUrl: string | undefined;
    outboxId: string | undefined;
  }
}
