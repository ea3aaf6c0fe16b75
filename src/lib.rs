//! An unofficial browser SDK for the Theta One speech API: microphone in, pronunciation score out,
//! and when it fails, what to show.
//!
//! - [`core`] holds every rule and knows no browser: the error catalogue and classification, retry
//!   decisions, validation and form fields, audio.
//! - `browser` (on wasm32 only) connects the rules to the browser and holds none: a call's queue,
//!   form, request and timers, and the bindings for JavaScript.
//!
//! The npm package around the crate is in `pkg-template/`. Its JavaScript records, decodes and
//! stores, and defines the error classes.
// Nothing that JavaScript can reach may panic: a panic leaves the module in an unknown state.
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
#![warn(unreachable_pub)]

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod core;

/// A quarter of the size of the standard library's allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
