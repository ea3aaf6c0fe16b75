//! Voice activity detection: an adaptive detector on three bands.
//!
//! Each [band](super::frames) has its own noise floor, taken from the quiet part of the whole
//! recording. A frame counts as speech if any band exceeds its floor. In doubt, the detector
//! reports speech, because silence may be cut off.

use crate::core::audio::frames::{BANDS, Frame, Framer, dbfs};

pub use crate::core::audio::frames::FRAME_SECONDS;

/// The quietest share of a recording, which counts as its noise.
const NOISE_SHARE: f64 = 0.1;
/// The distance of speech from the noise floor, in dB.
const STANDS_OUT_DB: f64 = 6.0;
/// The smallest distance of the floor from the loudest frame, in dB. In a recording without any
/// quiet part, everything counts as speech.
const LEAST_RANGE_DB: f64 = 12.0;
/// The level that some band must exceed in a recording with speech, in dBFS.
const INAUDIBLE_DBFS: f64 = -65.0;
/// The distance from the loudest frame within which sounds may be speech too, in dB, once there is
/// speech: a user with a faint voice has weak syllables below the audible level.
const FAINT_DB: f64 = 20.0;
/// The longest gap within speech, in seconds.
const BRIDGED_SECONDS: f64 = 0.2;
/// The shortest burst that is not a click, in seconds.
const SHORTEST_SECONDS: f64 = 0.05;

/// The share of the frames with speech that defines the user's level, but at most this many
/// seconds: a cough or a slammed door is shorter.
const LOUD_SHARE: f64 = 0.2;
const LOUD_SECONDS: f64 = 0.3;
/// The distance from which quieter voices are those of others, in dB.
const OTHERS_DB: f64 = 14.0;
/// The largest fall of the user's own level, in dB per second.
const FADING_DB_PER_SECOND: f64 = 0.2;
/// The time around the user's voice in which weaker sounds are the user's, in seconds: final
/// consonants, a word that trails off, a shy start.
const WEAK_SECONDS: f64 = 0.75;

/// A range of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleRange {
    /// The first sample.
    pub start: usize,
    /// The index after the last sample.
    pub end: usize,
}

/// The speech that a [`SpeechDetector`] found.
#[derive(Debug)]
pub struct SpeechActivity {
    /// The ranges with speech, in order.
    pub speech: Vec<SampleRange>,
    /// The range from the user's first speech to the last, without voices of others further away.
    /// Empty if there is no speech.
    pub speaker: SampleRange,
    /// The level of each frame of [`FRAME_SECONDS`] in its loudest band, in steps that only say
    /// which of two frames is louder.
    pub loudness: Vec<u8>,
}

/// Detects the speech in a recording, from its start to its end.
#[derive(Debug)]
pub struct SpeechDetector {
    framer: Framer,
    frames: Vec<Frame>,
    samples: usize,
}

impl SpeechDetector {
    /// Creates a detector for audio at `rate` Hz.
    pub fn new(rate: u32) -> Self {
        SpeechDetector {
            framer: Framer::new(rate),
            frames: Vec::new(),
            samples: 0,
        }
    }

    /// Reads the next samples.
    pub fn push(&mut self, samples: &[f32]) {
        self.framer.push(samples, &mut self.frames);
        self.samples += samples.len();
    }

    /// True if the recording, of `samples` in all, contains speech whatever follows.
    ///
    /// The floor of a band is at most the tenth percentile of the whole recording. That percentile
    /// cannot rise once a tenth of the whole was as quiet, so the result never changes at the end.
    /// `false` means that the result is open.
    pub fn has_certain_speech(&self, samples: u64) -> bool {
        let frames = samples.div_ceil(self.framer.frame_samples() as u64);
        speaks(&self.frames, &self.thresholds_dbfs(frames as usize, None))
    }

    /// Returns the ranges with speech, in order.
    pub fn finish(self) -> Vec<SampleRange> {
        self.activity().speech
    }

    /// Returns the ranges with speech, and the loudness of all frames.
    pub fn activity(mut self) -> SpeechActivity {
        self.framer.finish(&mut self.frames);
        let loudness: Vec<u8> = self.frames.iter().map(Frame::loudest).collect();
        let (mut speech, mut speaker) = (Vec::new(), SampleRange { start: 0, end: 0 });
        if speaks(&self.frames, &self.thresholds_dbfs(loudness.len(), None)) {
            let loudest = loudness.iter().copied().max().unwrap_or(0);
            let faintest = dbfs(loudest) - FAINT_DB;
            let thresholds = self.thresholds_dbfs(loudness.len(), Some(faintest));
            let speaking = self
                .frames
                .iter()
                .map(|frame| frame.reaches(&thresholds, f64::NEG_INFINITY));
            speech = speech_ranges(speaking);
            speaker = speaker_of(&speech, &loudness);
        }
        let frame_samples = self.framer.frame_samples();
        let in_samples = |range: &mut SampleRange| {
            range.start *= frame_samples;
            range.end = (range.end * frame_samples).min(self.samples);
        };
        speech.iter_mut().for_each(in_samples);
        in_samples(&mut speaker);
        SpeechActivity {
            speech,
            speaker,
            loudness,
        }
    }

    /// Returns the level from which each band counts as speech, in a recording of `frames` frames
    /// that starts with those read so far: the highest level that is still possible. With
    /// `faintest_dbfs`, sounds from that level on count too.
    fn thresholds_dbfs(&self, frames: usize, faintest_dbfs: Option<f64>) -> [f64; BANDS] {
        let share = (frames as f64 * NOISE_SHARE) as usize;
        let is_whole = frames <= self.frames.len();
        std::array::from_fn(|band| {
            let levels = self
                .frames
                .iter()
                .filter_map(|frame| frame.levels.get(band));
            let counts = histogram(levels);
            let mut seen = 0;
            let quiet = counts.iter().position(|&count| {
                seen += count;
                seen > share
            });
            // Half of the quiet frames lie above their tenth percentile.
            let floor = match quiet {
                Some(level) => dbfs(level as u8),
                None if is_whole => dbfs(0),
                None => f64::INFINITY,
            };
            let loudest = counts.iter().rposition(|&count| count > 0).unwrap_or(0);
            let most = if is_whole {
                dbfs(loudest as u8) - LEAST_RANGE_DB
            } else {
                f64::INFINITY
            };
            let audible = (floor.min(most) + STANDS_OUT_DB).max(INAUDIBLE_DBFS);
            match faintest_dbfs {
                Some(faintest) => audible.min((floor + STANDS_OUT_DB).max(faintest)),
                None => audible,
            }
        })
    }
}

/// Counts how often each level occurs.
fn histogram<'a>(levels: impl Iterator<Item = &'a u8>) -> [usize; 256] {
    let mut counts = [0; 256];
    for level in levels {
        if let Some(count) = counts.get_mut(usize::from(*level)) {
            *count += 1;
        }
    }
    counts
}

fn speaks(frames: &[Frame], thresholds_dbfs: &[f64; BANDS]) -> bool {
    let mut run = 0;
    frames.iter().any(|frame| {
        run = if frame.sustains(thresholds_dbfs) {
            run + 1
        } else {
            0
        };
        run >= shortest_frames()
    })
}

fn shortest_frames() -> usize {
    (SHORTEST_SECONDS / FRAME_SECONDS).ceil() as usize
}

/// Returns the runs of frames with speech, with short gaps bridged and short bursts left out,
/// counted in frames.
fn speech_ranges(frames: impl Iterator<Item = bool>) -> Vec<SampleRange> {
    let bridged = (BRIDGED_SECONDS / FRAME_SECONDS) as usize;
    let mut found = Vec::new();
    for (index, _) in frames.enumerate().filter(|(_, speaks)| *speaks) {
        extend(&mut found, 0, index, index + 1);
    }
    let mut joined = Vec::new();
    for SampleRange { start, end } in found {
        if end - start >= shortest_frames() {
            extend(&mut joined, bridged, start, end);
        }
    }
    joined
}

/// Extends the last range if it ends at most `gap` before `start`, or appends another.
fn extend(ranges: &mut Vec<SampleRange>, gap: usize, start: usize, end: usize) {
    match ranges.last_mut() {
        Some(last) if start - last.end <= gap => last.end = end,
        _ => ranges.push(SampleRange { start, end }),
    }
}

/// Returns the range from the user's first speech to the last, counted in frames.
fn speaker_of(speech: &[SampleRange], loudness: &[u8]) -> SampleRange {
    let (Some(first), Some(last)) = (speech.first(), speech.last()) else {
        return SampleRange { start: 0, end: 0 };
    };
    let whole = SampleRange {
        start: first.start,
        end: last.end,
    };
    let frames_of = |range: &SampleRange| loudness.get(range.start..range.end).unwrap_or_default();
    let counts = histogram(speech.iter().flat_map(frames_of));
    let spoken: usize = counts.iter().sum();
    let share = (spoken as f64 * LOUD_SHARE).min(LOUD_SECONDS / FRAME_SECONDS) as usize;
    let mut seen = 0;
    let loud = counts.iter().rposition(|&count| {
        seen += count;
        seen > share
    });
    let loud_dbfs = dbfs(loud.unwrap_or(0) as u8);
    let within = frames_of(&whole);
    let weak = (WEAK_SECONDS / FRAME_SECONDS) as usize;
    let start = within.len() - last_loud(within, true, loud_dbfs);
    let end = last_loud(within, false, loud_dbfs);
    SampleRange {
        start: whole.start + start.saturating_sub(weak),
        end: (whole.start + end + weak).min(whole.end),
    }
}

/// Returns the number of frames up to the last that is about as loud as those before it. Backward,
/// it counts from the end.
fn last_loud(loudness: &[u8], is_backward: bool, loud_dbfs: f64) -> usize {
    let mut speaker_dbfs = f64::NEG_INFINITY;
    let mut end = 0;
    let mut levels = loudness.iter();
    for at in 0..loudness.len() {
        let next = if is_backward {
            levels.next_back()
        } else {
            levels.next()
        };
        let level = dbfs(next.copied().unwrap_or_default());
        let faded = speaker_dbfs - FADING_DB_PER_SECOND * FRAME_SECONDS;
        speaker_dbfs = level.min(loud_dbfs).max(faded);
        if level >= speaker_dbfs - OTHERS_DB {
            end = at + 1;
        }
    }
    end
}
