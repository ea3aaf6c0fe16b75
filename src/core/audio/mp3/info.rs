//! Adding up what the frames of a file say.

use crate::core::audio::mp3::header::{Header, Layer};
use crate::core::audio::mp3::xing::Note;
use crate::core::audio::warnings::{InvalidAudio, active_names};
use crate::core::error::failure::Failure;

/// A second, in the smallest unit in which a sample of every rate lasts a whole
/// number, so that durations add up exactly.
const TICKS_PER_SECOND: u64 = 14_112_000;

/// How many samples, of all channels, an MP3 may have that is decoded only to
/// listen to it: three minutes of stereo at 44.1 kHz. They come all at once, and
/// for longer than this browsers hold the page up to hand them over.
const DECODED_SAMPLES: f64 = 16e6;

/// How many frames hold speech at least. Three last 26 to 216 ms, of which decoders
/// take 40 to 180 ms to begin with; not everywhere can MP3 be listened to.
const LEAST_FRAMES: u64 = 4;

/// The refusal of a file that begins, and ends before its audio does.
pub(super) const CUT: InvalidAudio = ("truncated", "the MP3 file ends before its audio begins");

/// What is in an MP3 file.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Of the first frame, in Hz.
    pub sample_rate: u32,
    /// Of the first frame; 1 is mono.
    pub channels: u16,
    /// How many frames of audio there are, all of them whole.
    pub frames: u64,
    /// How long it plays, without what the encoder added where it says so.
    pub duration_seconds: f64,
    /// What a decoder will get over, but not without loss: `truncated`, `junk`,
    /// `mixed_formats`.
    pub problems: Vec<&'static str>,
}

impl Report {
    /// Fails where it is too short for a word.
    pub fn long_enough(self) -> Result<Self, Failure> {
        match self.frames {
            LEAST_FRAMES.. => Ok(self),
            _ => Err(Failure::audio(
                "silent",
                "the MP3 file is too short to hold speech",
            )),
        }
    }

    /// Whether all of it may be decoded to listen to it.
    pub fn may_be_decoded(&self) -> bool {
        let samples = self.duration_seconds * f64::from(self.sample_rate);
        samples * f64::from(self.channels) <= DECODED_SAMPLES
    }
}

/// Which of the problems there are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Problems {
    /// The last frame is cut off, or frames are missing at the end.
    pub truncated: bool,
    /// There are bytes that belong to no frame and no tag.
    pub junk: bool,
    /// Not all frames have the same rate.
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
pub(super) struct Sum {
    pub problems: Problems,
    pub note: Option<Note>,
    first: Option<Header>,
    last: Option<Header>,
    frames: u64,
    ticks: u64,
    /// Frames of layers I and II.
    older: u64,
    older_layer: Option<Layer>,
}

impl Sum {
    /// Counts a frame of audio.
    pub fn add(&mut self, header: Header) {
        if header.layer != Layer::Three {
            self.older += 1;
            self.older_layer = Some(header.layer);
            return;
        }
        let first = *self.first.get_or_insert(header);
        self.problems.mixed_formats |= !header.continues(&first);
        self.last = Some(header);
        self.frames += 1;
        self.ticks += ticks(&header);
    }

    /// Takes the last frame back, which turned out to reach into a tag.
    pub fn drop_last(&mut self) {
        self.problems.truncated = true;
        if let Some(header) = self.last.take() {
            self.frames -= 1;
            self.ticks -= ticks(&header);
        }
    }

    /// The whole.
    pub fn finish(&mut self) -> Result<Report, InvalidAudio> {
        if self.older > self.frames {
            return Err((
                "unsupported_codec",
                match self.older_layer {
                    Some(Layer::One) => "the file is MPEG audio layer I, not layer III",
                    _ => "the file is MPEG audio layer II, not layer III",
                },
            ));
        }
        let Some(first) = self.first.filter(|_| self.frames > 0) else {
            return Err(match self.note.map(|note| note.frames) {
                Some(Some(0)) => ("empty", "the MP3 file holds no audio"),
                Some(_) => CUT,
                None => ("undecodable", "no whole MPEG audio frame is in the file"),
            });
        };
        let added_ticks = self.added_ticks(&first);
        Ok(Report {
            sample_rate: first.sample_rate,
            channels: first.channels,
            frames: self.frames,
            duration_seconds: (self.ticks - added_ticks) as f64 / TICKS_PER_SECOND as f64,
            problems: self.problems.names(),
        })
    }

    /// How much the encoder added. Its word counts where it also knew how many
    /// frames there are; some count the note itself.
    fn added_ticks(&mut self, first: &Header) -> u64 {
        let Some((note, claimed)) = self.note.and_then(|note| Some((note, note.frames?))) else {
            return 0;
        };
        let missing = u64::from(claimed).checked_sub(self.frames);
        // Where frames were lost on the way, the end need not be missing.
        self.problems.truncated |= !self.problems.junk && missing > Some(1);
        if missing > Some(1) || missing.is_none() || self.problems.truncated {
            return 0;
        }
        let added = u64::from(note.added_samples) * ticks_per_sample(first);
        if added < self.ticks { added } else { 0 }
    }
}

fn ticks(header: &Header) -> u64 {
    u64::from(header.samples()) * ticks_per_sample(header)
}

fn ticks_per_sample(header: &Header) -> u64 {
    TICKS_PER_SECOND / u64::from(header.sample_rate)
}
