// Written by `cargo xtask docs` from src/core/audio/format.rs.
export const MEDIA_TYPES = ["audio/wav", "audio/mpeg"];
