// A recording that is ready to be sent.

/** @import { TakeProperties } from "../internal.js" */

import { isRecord, memberOf } from "../client/untrusted-values.js";

const BRAND = Symbol.for("thetaone-web.Take");

export class Take {
  /**
   * @param {Blob} blob
   * @param {TakeProperties} properties
   */
  constructor(blob, properties) {
    this.blob = blob;
    this.bytes = /** @type {number} */ (memberOf(blob, "size"));
    Object.assign(this, properties);
    Object.freeze(this);
  }

  /**
   * Returns true if `value` is a take, made by this or by another copy of the package.
   * @param {unknown} value
   * @returns {value is Take}
   */
  static is(value) {
    return isRecord(value) && memberOf(value, BRAND) === true;
  }
}
Object.defineProperty(Take.prototype, BRAND, { value: true });

/**
 * Returns the blob of a take; `undefined` for anything else. A take of another copy of the package
 * may hold anything.
 * @param {unknown} value
 * @returns {unknown}
 */
export function blobOf(value) {
  return Take.is(value) ? memberOf(value, "blob") : undefined;
}
