// Events for `onEvent` about recordings and references that are not stored on this device.

/** Emits an event of the `type` "outbox" or "references". `id` is the id of the recording. */
export function emitStorageEvent({ handle }, type, reason, id) {
  handle.emit({ type, reason, ...(id === undefined ? {} : { id }), at: new Date().toISOString() });
}
