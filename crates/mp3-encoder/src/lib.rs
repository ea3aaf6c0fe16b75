//! Encodes mono speech as MP3, for long takes on slow uplinks.
//!
//! The crate is a wasm module of its own, which is loaded only if MP3 is wanted.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::indexing_slicing
    )
)]

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod stream;
