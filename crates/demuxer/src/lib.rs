//! Demuxes recordings into the packets that the browser's `AudioDecoder` takes, and measures what
//! a recording lacks of what it promises.
//!
//! The crate is a wasm module of its own, which is loaded only to decode files or long recordings.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable
    )
)]

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod codec_config;
pub mod demuxer;
mod flac;
mod frames;
mod matroska;
mod mp4;
mod ogg;
pub mod pcm;
mod reader;
mod riff;
mod source;
mod vorbis;
