//! Audio: from a recording in any format to what the API takes.

pub mod analysis;
pub mod container;
pub mod downmix;
pub mod dsp;
pub mod end_of_speech;
pub mod format;
pub mod frames;
pub mod mp3;
pub mod output_format;
pub mod peaks;
pub mod plan;
pub mod prepare;
pub mod quantize;
pub mod resample;
pub mod sample_format;
pub mod speech_search;
pub mod split;
pub mod vad;
pub mod warnings;
pub mod wav;
