// Events for `onEvent` about recordings and references that are not stored on this device.

/** @import { OutboxEvent } from "../index.js" */
/** @import { Runtime } from "../internal.js" */

/**
 * Emits an event about the storage.
 * @param {Pick<Runtime, "handle">} runtime
 * @param {"outbox" | "references"} type
 * @param {OutboxEvent["reason"]} reason
 * @param {string} [id] the id of the recording
 */
export function emitStorageEvent({ handle }, type, reason, id) {
  handle.emit({ type, reason, ...(id === undefined ? {} : { id }), at: new Date().toISOString() });
}
