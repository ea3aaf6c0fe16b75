//! The browser layer: it decides nothing that the core can decide.
//!
//! The way of a recording: `start-recording.js` records it, `prepare-audio.js` prepares it, both
//! by asking through the [`bindings`]; [`call`] steers the attempts, [`form`] and
//! [`http`] upload it, and [`error`] turns what went wrong into JavaScript's errors.
//! What is too long for one upload, `transcribe-long/index.js` sends in parts; what must not be lost
//! or paid for twice, `outbox/index.js` and `references/index.js` keep.

pub mod bindings;
pub mod call;
pub mod cancellation;
pub mod client_state;
pub mod clock;
pub mod cross_tab;
pub mod error;
pub mod events;
pub mod fetch;
pub mod form;
pub mod http;
pub mod js;
pub mod queue;
pub mod request_body;
pub mod upload_progress;
