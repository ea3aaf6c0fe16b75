// Written by `cargo xtask docs` from src/core/retry/rate_limiter.rs.
export const WINDOW_MS = 60000;
