//! The browser layer, on wasm32 only. It decides nothing that `core` can decide.
//!
//! A call goes [`bindings::ClientHandle::send`] → [`call`] → [`queue`] → [`http`] → `fetch.js`, and
//! its response back through `core::error::classify` and `core::retry`; [`error`] creates the
//! JavaScript error. CONTRIBUTING.md shows the whole way of a call.
//!
//! The border to JavaScript is in two places: `bindings` exports, `js/imports.rs` imports.

pub mod bindings;
mod call;
mod cancellation;
mod client_state;
mod clock;
mod cross_tab;
pub mod error;
mod events;
mod form;
mod http;
mod js;
mod queue;
mod request_body;
mod upload_progress;
