//! Mono speech to MP3, for long takes on thin uplinks.
//!
//! A crate of its own because it is a wasm module of its own: nobody downloads
//! it who does not ask for MP3.

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod stream;
