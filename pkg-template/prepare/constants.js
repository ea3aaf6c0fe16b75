// Written by `cargo xtask docs` from src/core/audio/plan.rs and src/core/audio/format.rs.
export const INSPECTED_BYTES = 262144;
export const API_SAMPLE_RATE = 16000;
