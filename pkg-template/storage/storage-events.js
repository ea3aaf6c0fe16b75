// What `onEvent` is told when something is not kept on this device.

/** `type` is "outbox" or "references"; `id` says which recording, for the outbox. */
export function notice(core, type, reason, id) {
  core.tell({ type, reason, ...(id === undefined ? {} : { id }), at: new Date().toISOString() });
}
