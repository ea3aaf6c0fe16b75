// Written by `cargo xtask docs` from src/core/timer.rs.
export const MAX_DELAY_MS = 2147483647;
