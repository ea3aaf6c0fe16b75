//! Sums up the frames of a file.

use crate::core::audio::mp3::header::{Header, Layer};
use crate::core::audio::mp3::xing::XingHeader;
use crate::core::audio::warnings::{InvalidAudio, active_names};
use crate::core::error::failure::Failure;

/// A second, in the smallest unit in which a sample of every rate lasts a whole number, so that
/// durations add up exactly.
const TICKS_PER_SECOND: u64 = 14_112_000;

/// The largest number of samples, in all channels, of an MP3 that is decoded only to analyze it:
/// three minutes of stereo at 44.1 kHz. Browsers return all samples at once, and block the page for
/// more.
const DECODED_SAMPLES: f64 = 16e6;

/// The smallest number of frames that can hold speech. Three frames last 26 to 216 ms, of which
/// decoders need 40 to 180 ms to start. MP3 cannot be analyzed everywhere.
const LEAST_FRAMES: u64 = 4;

/// The error of a file that ends before its audio begins.
pub(super) const TRUNCATED: InvalidAudio =
    ("truncated", "the MP3 file ends before its audio begins");

/// The content of an MP3 file.
#[derive(Debug, Clone, PartialEq)]
pub struct Mp3Info {
    /// The sample rate of the first frame, in Hz.
    pub sample_rate: u32,
    /// The number of channels of the first frame.
    pub channels: u16,
    /// The number of audio frames, all of them whole.
    pub frames: u64,
    /// The duration in seconds, without what the encoder added, if the file says so.
    pub duration_seconds: f64,
    /// The problems that a decoder survives, but with a loss: `truncated`, `junk`, `mixed_formats`.
    pub problems: Vec<&'static str>,
}

impl Mp3Info {
    /// Fails if the file is too short for a word.
    pub fn long_enough(self) -> Result<Self, Failure> {
        match self.frames {
            LEAST_FRAMES.. => Ok(self),
            _ => Err(Failure::audio(
                "silent",
                "the MP3 file is too short to hold speech",
            )),
        }
    }

    /// True if all of the file may be decoded to analyze it.
    pub fn may_be_decoded(&self) -> bool {
        let samples = self.duration_seconds * f64::from(self.sample_rate);
        samples * f64::from(self.channels) <= DECODED_SAMPLES
    }
}

/// The problems that were found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Problems {
    /// Whether the last frame is cut off, or frames are missing at the end.
    pub truncated: bool,
    /// Whether there are bytes that belong to no frame and no tag.
    pub junk: bool,
    /// Whether frames differ in their sample rate.
    pub mixed_formats: bool,
}

impl Problems {
    fn names(self) -> Vec<&'static str> {
        active_names(&[
            ("truncated", self.truncated),
            ("junk", self.junk),
            ("mixed_formats", self.mixed_formats),
        ])
    }
}

/// The sum of all frames so far.
#[derive(Debug, Default)]
pub(super) struct Mp3InfoBuilder {
    pub problems: Problems,
    pub xing: Option<XingHeader>,
    first: Option<Header>,
    last: Option<Header>,
    frames: u64,
    ticks: u64,
    /// The number of frames of layers I and II.
    other_layer_frames: u64,
    other_layer: Option<Layer>,
}

impl Mp3InfoBuilder {
    /// Adds a frame of audio.
    pub(super) fn add(&mut self, header: Header) {
        if header.layer != Layer::Three {
            self.other_layer_frames += 1;
            self.other_layer = Some(header.layer);
            return;
        }
        let first = *self.first.get_or_insert(header);
        self.problems.mixed_formats |= !header.continues(&first);
        self.last = Some(header);
        self.frames += 1;
        self.ticks += ticks(&header);
    }

    /// Removes the last frame, which turned out to reach into a tag.
    pub(super) fn remove_last_frame(&mut self) {
        self.problems.truncated = true;
        if let Some(header) = self.last.take() {
            self.frames -= 1;
            self.ticks -= ticks(&header);
        }
    }

    /// Returns the sum of all frames.
    pub(super) fn finish(&mut self) -> Result<Mp3Info, InvalidAudio> {
        if self.other_layer_frames > self.frames {
            return Err((
                "unsupported_codec",
                match self.other_layer {
                    Some(Layer::One) => "the file is MPEG audio layer I, not layer III",
                    _ => "the file is MPEG audio layer II, not layer III",
                },
            ));
        }
        let Some(first) = self.first.filter(|_| self.frames > 0) else {
            return Err(match self.xing.map(|xing| xing.frames) {
                Some(Some(0)) => ("empty", "the MP3 file holds no audio"),
                Some(_) => TRUNCATED,
                None => ("undecodable", "no whole MPEG audio frame is in the file"),
            });
        };
        let added_ticks = self.added_ticks(&first);
        Ok(Mp3Info {
            sample_rate: first.sample_rate,
            channels: first.channels,
            frames: self.frames,
            duration_seconds: (self.ticks - added_ticks) as f64 / TICKS_PER_SECOND as f64,
            problems: self.problems.names(),
        })
    }

    /// Returns the length of what the encoder added. Its statement counts only if it also knew the
    /// number of frames. Some encoders count the Xing frame itself.
    fn added_ticks(&mut self, first: &Header) -> u64 {
        let Some((xing, claimed)) = self.xing.and_then(|xing| Some((xing, xing.frames?))) else {
            return 0;
        };
        let missing = u64::from(claimed).checked_sub(self.frames);
        // If frames were lost on the way, the end need not be missing.
        self.problems.truncated |= !self.problems.junk && missing > Some(1);
        if missing > Some(1) || missing.is_none() || self.problems.truncated {
            return 0;
        }
        let added = u64::from(xing.added_samples) * ticks_per_sample(first);
        if added < self.ticks { added } else { 0 }
    }
}

fn ticks(header: &Header) -> u64 {
    u64::from(header.samples()) * ticks_per_sample(header)
}

fn ticks_per_sample(header: &Header) -> u64 {
    TICKS_PER_SECOND / u64::from(header.sample_rate)
}
