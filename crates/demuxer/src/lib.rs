//! From a recording in a container to the packets in it, for the browser's
//! `AudioDecoder`, and to what is missing of it.
//!
//! A crate of its own because it is a wasm module of its own, loaded only by those
//! who decode files or long recordings.

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod coding;
pub mod demuxer;
mod flac;
mod frames;
mod matroska;
mod mp4;
mod ogg;
pub mod pcm;
mod reader;
mod riff;
mod source;
mod vorbis;
