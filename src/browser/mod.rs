//! The browser layer: it decides nothing that the core can decide.
//!
//! The way of a recording: `start-recording.js` records it, `prepare-audio.js` prepares it, both
//! by asking through the [`door`]; [`call`] steers the attempts, [`form`] and
//! [`http`] upload it, and [`error`] turns what went wrong into JavaScript's errors.
//! What is too long for one upload, `transcribe-long/index.js` sends in parts; what must not be lost
//! or paid for twice, `outbox/index.js` and `references/index.js` keep.

pub mod call;
pub mod client;
pub mod clock;
pub mod contents;
pub mod door;
pub mod error;
pub mod events;
pub mod form;
pub mod http;
pub mod input;
pub mod members;
pub mod property;
pub mod queue;
pub mod request;
pub mod scope;
pub mod tabs;
pub mod task;
pub mod upload;
