//! The browser layer: it decides nothing that the core can decide.
//!
//! The way of a recording: [`recorder`] records it, [`audio`] prepares it,
//! [`call`] validates it and steers the attempts, [`form`] and [`http`] upload
//! it, and [`error`] turns what went wrong into JavaScript's errors. What is too
//! long for one upload, `long.js` sends in parts. [`outbox`] and [`references`]
//! keep what must not be lost or paid for twice.

pub mod audio;
pub mod call;
pub mod capture;
pub mod client;
pub mod clock;
pub mod context;
pub mod door;
pub mod error;
pub mod events;
pub mod form;
pub mod http;
pub mod input;
pub mod kept;
pub mod lock;
pub mod meter;
pub mod microphone;
pub mod online;
pub mod outbox;
pub mod parcel;
pub mod property;
pub mod queue;
pub mod record;
pub mod recorder;
pub mod recording;
pub mod references;
pub mod scope;
pub mod stopwatch;
pub mod store;
pub mod tabs;
pub mod task;
pub mod upload;
