// A recording that is ready to be sent.

import { isRecord, memberOf } from "../client/untrusted-values.js";

const BRAND = Symbol.for("thetaone-web.Take");

export class Take {
  constructor(blob, facts) {
    this.blob = blob;
    this.bytes = memberOf(blob, "size");
    Object.assign(this, facts);
    Object.freeze(this);
  }

  /** Whether `value` is a take, from whichever copy of the package. */
  static is(value) {
    return isRecord(value) && memberOf(value, BRAND) === true;
  }
}
Object.defineProperty(Take.prototype, BRAND, { value: true });

/** The blob of a take; `undefined` for anything else. */
export function blobOf(value) {
  return Take.is(value) ? memberOf(value, "blob") : undefined;
}
