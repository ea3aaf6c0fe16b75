//! An unofficial browser SDK for the Theta One speech API: microphone in,
//! pronunciation score out, and when it fails, what to show.
//!
//! Two worlds and one thin door between them:
//!
//! - [`core`] holds every rule and no browser: the error catalogue and
//!   classification, retry decisions, validation and form fields, audio.
//! - `browser` (on wasm32 only) holds the browser and no rules: a call's queue,
//!   form, request and timers, and the door through which JavaScript asks.
//!
//! The npm package around it is in `pkg-template/`: what records, decodes and
//! keeps, and the JavaScript error classes.
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

/// Three quarters smaller than the one of the standard library.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
