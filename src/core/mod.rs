//! The rules of the SDK, without a browser.
//!
//! No module here uses `web-sys` or `JsValue`, reads a clock or draws a random number. The caller
//! passes those in, so that a plain `cargo test` covers all of it in seconds.
//!
//! The stages of a call: [`audio`] prepares the recording, [`endpoint`] validates the options and
//! names the form fields, [`retry`] says when the request may be sent, [`error`] classifies the
//! response with the help of [`catalogue`], and [`retry`] decides what happens next.
//! [`transcribe_long`] joins the parts of a recording that is too long for one request.

#![warn(clippy::match_bool)]

pub mod api_key;
pub mod audio;
pub mod catalogue;
#[cfg(not(target_arch = "wasm32"))]
pub mod codegen;
pub mod endpoint;
pub mod error;
pub mod format;
#[cfg(not(target_arch = "wasm32"))]
pub mod microphone;
pub mod options;
pub mod outbox;
pub mod redact;
pub mod references;
pub mod retry;
pub mod timer;
pub mod transcribe_long;
