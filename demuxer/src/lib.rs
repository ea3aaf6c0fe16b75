//! From a recording in a container to the packets in it, for the browser's
//! `AudioDecoder`.
//!
//! A crate of its own because it is a wasm module of its own: windows decode
//! recordings without it, so only workers load it.

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod coding;
pub mod demuxer;
