//! Installs and finds the tools that the commands need.

pub mod apt;
pub mod engine;
pub mod listening;
pub mod node;
pub mod pulseaudio;
pub mod rust;
