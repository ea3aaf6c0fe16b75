//! What a take is like, before it is paid for.

use crate::core::audio::dsp::level::Level;
use crate::core::audio::vad::{Activity, Detector, Stretch};
use crate::core::audio::warnings::active_names;

/// How much silence trimming leaves on each side, in seconds: onsets and
/// releases are soft, and the API judges pauses.
pub const KEPT_SECONDS: f64 = 0.15;

/// A sample from here on counts as clipped, full scale being 1.
const CLIPPED: f32 = 0.999;
/// More clipped samples than this are audible.
const CLIPPED_RATIO: f64 = 0.001;
/// Speech below this root mean square is hard to judge, in dBFS.
const TOO_QUIET_DBFS: f64 = -45.0;
/// A take with less speech than this share is mostly silence.
const SPEECH_SHARE: f64 = 0.25;
/// From here on, upload and processing may outlast the server's 60 seconds.
const TOO_LONG_SECONDS: f64 = 60.0;
/// Recorders start and stop this much later than they are told to, at most.
const LATENCY_SECONDS: f64 = 0.5;
/// The share of the time by the clock that a whole recording has at least.
const COMPLETE_SHARE: f64 = 0.95;
/// Less speech than this is hardly a word.
const VERY_SHORT_SECONDS: f64 = 0.3;

/// Listens to a take from its start to its end.
#[derive(Debug)]
pub struct Listener {
    rate: u32,
    level: Level,
    clipped: u64,
    detector: Detector,
    samples: usize,
}

impl Listener {
    /// A listener to mono audio at `rate` Hz.
    pub fn new(rate: u32) -> Self {
        Listener {
            rate,
            level: Level::default(),
            clipped: 0,
            detector: Detector::new(rate),
            samples: 0,
        }
    }

    /// Listens on; full scale is ±1.
    pub fn push(&mut self, samples: &[f32]) {
        self.level.add(samples);
        self.detector.push(samples);
        self.clipped += samples.iter().filter(|s| s.abs() >= CLIPPED).count() as u64;
        self.samples += samples.len();
    }

    /// What was heard.
    pub fn finish(self) -> Quality {
        let Activity {
            speech,
            speaker,
            loudness,
        } = self.detector.activity();
        let seconds = |samples: usize| samples as f64 / f64::from(self.rate);
        let spoken = speech
            .iter()
            .map(|stretch| stretch.end - stretch.start)
            .sum();
        let (leading, trailing) = match speech.is_empty() {
            true => (self.samples, 0),
            false => (speaker.start, self.samples - speaker.end),
        };
        Quality {
            duration_seconds: seconds(self.samples),
            peak_dbfs: self.level.peak_dbfs(),
            rms_dbfs: self.level.rms_dbfs(),
            clipped_ratio: self.clipped as f64 / self.samples.max(1) as f64,
            speech_seconds: seconds(spoken),
            leading_silence_seconds: seconds(leading),
            trailing_silence_seconds: seconds(trailing),
            rate: self.rate,
            samples: self.samples,
            speech,
            speaker,
            loudness,
        }
    }
}

/// What a take is like.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// In seconds.
    pub duration_seconds: f64,
    /// The loudest sample, in dBFS.
    pub peak_dbfs: f64,
    /// The root mean square, in dBFS.
    pub rms_dbfs: f64,
    /// The share of samples at full scale, from 0 to 1.
    pub clipped_ratio: f64,
    /// Speech in all, short gaps included, in seconds.
    pub speech_seconds: f64,
    /// Before the speaker's first speech, in seconds; all of a take without any.
    pub leading_silence_seconds: f64,
    /// Behind the speaker's last speech, in seconds.
    pub trailing_silence_seconds: f64,
    rate: u32,
    samples: usize,
    speech: Vec<Stretch>,
    speaker: Stretch,
    loudness: Vec<u8>,
}

impl Quality {
    /// The rate of the samples that were heard, in Hz.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Where there is speech, in order.
    pub fn speech(&self) -> &[Stretch] {
        &self.speech
    }

    /// How loud each frame is; see [`Activity`].
    pub fn loudness(&self) -> &[u8] {
        &self.loudness
    }

    /// Returns what trimming leaves, in samples: everything from the speaker's first
    /// speech to the last, and [`KEPT_SECONDS`] on each side. A take without
    /// speech stays whole.
    pub fn kept(&self) -> Stretch {
        let margin = (KEPT_SECONDS * f64::from(self.rate)) as usize;
        if self.speech.is_empty() {
            return self.whole();
        }
        Stretch {
            start: self.speaker.start.saturating_sub(margin),
            end: (self.speaker.end + margin).min(self.samples),
        }
    }

    /// All of it, in samples.
    pub fn whole(&self) -> Stretch {
        Stretch {
            start: 0,
            end: self.samples,
        }
    }

    /// The same take after all but `kept` was cut off. Levels stay those of the
    /// whole: what was cut is silence.
    pub fn trimmed(mut self, kept: Stretch) -> Self {
        let seconds = |samples: usize| samples as f64 / f64::from(self.rate);
        self.leading_silence_seconds -= seconds(kept.start);
        self.trailing_silence_seconds -= seconds(self.samples - kept.end);
        self.duration_seconds = seconds(kept.end - kept.start);
        self
    }

    /// How long it was before anything was cut off, in seconds.
    pub fn heard_seconds(&self) -> f64 {
        self.samples as f64 / f64::from(self.rate)
    }

    /// What the speaker should do better, as literals of the field `warnings`.
    pub fn warnings(&self) -> Vec<&'static str> {
        active_names(&[
            ("too_quiet", self.speech_rms_dbfs() < TOO_QUIET_DBFS),
            ("clipped", self.clipped_ratio > CLIPPED_RATIO),
            (
                "mostly_silence",
                self.speech_seconds < SPEECH_SHARE * self.duration_seconds,
            ),
            ("too_long", self.duration_seconds > TOO_LONG_SECONDS),
            ("very_short", self.speech_seconds < VERY_SHORT_SECONDS),
        ])
    }

    /// The level of the speech alone: silence around it adds next to no power.
    fn speech_rms_dbfs(&self) -> f64 {
        let share = self.speech_seconds * f64::from(self.rate) / self.samples.max(1) as f64;
        self.rms_dbfs - 10.0 * share.clamp(1e-6, 1.0).log10()
    }
}

/// Whether a recording that ran for `elapsed_seconds` lost a part, of which
/// `heard_seconds` are left: decoders take a file whose end is missing for a
/// shorter one.
pub fn is_cut_short(heard_seconds: f64, elapsed_seconds: f64) -> bool {
    heard_seconds + LATENCY_SECONDS < elapsed_seconds * COMPLETE_SHARE
}

/// The longest part of a file that may be missing without a word, in seconds:
/// roundings of containers, and a packet or two of 20 ms.
const UNNOTICED_SECONDS: f64 = 0.1;

/// Whether so much is missing of what a file promises that whoever sends it has to
/// know: a short word takes 0.15 s. Infinity where a file ends in the middle and
/// does not say how long it was.
pub fn is_truncated(missing_seconds: f64) -> bool {
    missing_seconds > UNNOTICED_SECONDS
}
