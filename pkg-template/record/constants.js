// Written by `cargo xtask docs` from src/core/microphone.rs.
export const RECORDER_TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"];
export const RECORDER_BITS_PER_SECOND = 128000;
