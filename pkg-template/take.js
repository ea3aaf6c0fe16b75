// A recording that is ready to be sent.

const BRAND = Symbol.for("thetaone-web.Take");

export class Take {
  constructor(blob, facts) {
    this.blob = blob;
    this.bytes = blob.size;
    Object.assign(this, facts);
    Object.freeze(this);
  }

  /** Whether `value` is a take, from whichever copy of the package. */
  static is(value) {
    return typeof value === "object" && value !== null && value[BRAND] === true;
  }
}
Object.defineProperty(Take.prototype, BRAND, { value: true });

/** The blob of a take; `undefined` for anything else. */
export function blobOf(value) {
  return Take.is(value) ? value.blob : undefined;
}
