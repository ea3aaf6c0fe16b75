//! The pure core: every rule, no browser.
//!
//! Nothing in here knows `web-sys` or `JsValue`, reads a clock or draws a
//! random number: those are passed in, so that a plain `cargo test` covers all
//! of it in seconds.
//!
//! The way of a recording: [`audio`] prepares it, [`request`] validates it and
//! names the form fields, [`gate`] says when it may go, [`classify`] reads the
//! answer with the help of [`catalogue`], and [`retry`] decides what is next. What is too long
//! for one request, [`long`] joins from its parts.

pub mod audio;
pub mod catalogue;
pub mod classify;
pub mod detail;
pub mod error;
pub mod export;
pub mod gate;
pub mod http_date;
pub mod key;
pub mod long;
pub mod microphone;
pub mod number;
pub mod options;
pub mod outbox;
pub mod references;
pub mod request;
pub mod retry;
pub mod text;
