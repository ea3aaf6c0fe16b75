// Written by `cargo xtask docs` from src/core/timer.rs.
export const LATE_AFTER_MS = 1000;
export const GRACE_MS = 2000;
