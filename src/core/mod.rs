//! The pure core: every rule, no browser.
//!
//! Nothing in here knows `web-sys` or `JsValue`, reads a clock or draws a
//! random number: those are passed in, so that a plain `cargo test` covers all
//! of it in seconds.
//!
//! The way of a recording: [`audio`] prepares it, [`endpoint`] validates it and
//! names the form fields, [`retry`] says when it may be sent, [`error`] classifies the
//! response with the help of [`catalogue`], and [`retry`] decides what is next. The parts
//! of a recording that is too long for one request are joined by [`transcribe_long`].

pub mod api_key;
pub mod audio;
pub mod catalogue;
pub mod codegen;
pub mod endpoint;
pub mod error;
pub mod microphone;
pub mod number;
pub mod options;
pub mod outbox;
pub mod references;
pub mod retry;
pub mod text;
pub mod transcribe_long;
