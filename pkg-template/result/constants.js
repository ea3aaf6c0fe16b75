// Written by `cargo xtask docs` from src/core/api_key.rs.
export const KEY_PREFIX = "sk-theta-";
