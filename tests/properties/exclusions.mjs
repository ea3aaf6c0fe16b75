// The cases that do not hold yet, by name. Empty is the aim.

/** Fetches that network.mjs names, or patterns of their names. */
export const FETCHES_EXCLUDED = [];
