//! Analyzes a recording before it is paid for: levels, speech and warnings.

use crate::core::audio::dsp::level::Level;
use crate::core::audio::vad::{SampleRange, SpeechActivity, SpeechDetector};
use crate::core::audio::warnings::active_names;

/// The silence that trimming leaves on each side, in seconds: onsets and releases are soft, and the
/// API judges pauses.
pub const TRIM_MARGIN_SECONDS: f64 = 0.15;

/// The level from which a sample counts as clipped; full scale is 1.
const CLIPPED: f32 = 0.999;
/// The share of clipped samples that becomes audible.
const CLIPPED_RATIO: f64 = 0.001;
/// The root mean square below which speech is hard to judge, in dBFS.
const TOO_QUIET_DBFS: f64 = -45.0;
/// The share of speech below which a recording is mostly silence.
const SPEECH_SHARE: f64 = 0.25;
/// The duration from which upload and processing may take longer than the server's 60 seconds.
const TOO_LONG_SECONDS: f64 = 60.0;
/// The longest delay with which recorders start and stop.
const LATENCY_SECONDS: f64 = 0.5;
/// The smallest share of the elapsed time that a complete recording contains.
const COMPLETE_SHARE: f64 = 0.95;
/// The duration below which speech is hardly a word.
const VERY_SHORT_SECONDS: f64 = 0.3;

/// Analyzes a recording from its start to its end.
#[derive(Debug)]
pub struct Analyzer {
    rate: u32,
    level: Level,
    clipped: u64,
    detector: SpeechDetector,
    samples: usize,
}

impl Analyzer {
    /// Creates an analyzer for mono audio at `rate` Hz.
    pub fn new(rate: u32) -> Self {
        Analyzer {
            rate,
            level: Level::default(),
            clipped: 0,
            detector: SpeechDetector::new(rate),
            samples: 0,
        }
    }

    /// Analyzes the next samples; full scale is ±1.
    pub fn push(&mut self, samples: &[f32]) {
        self.level.add(samples);
        self.detector.push(samples);
        self.clipped += samples.iter().filter(|s| s.abs() >= CLIPPED).count() as u64;
        self.samples += samples.len();
    }

    /// Returns the analysis of all samples.
    pub fn finish(self) -> AudioAnalysis {
        let SpeechActivity {
            speech,
            speaker,
            loudness,
        } = self.detector.activity();
        let seconds = |samples: usize| samples as f64 / f64::from(self.rate);
        let spoken = speech.iter().map(|range| range.end - range.start).sum();
        let (leading, trailing) = if speech.is_empty() {
            (self.samples, 0)
        } else {
            (speaker.start, self.samples - speaker.end)
        };
        AudioAnalysis {
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

/// The analysis of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct AudioAnalysis {
    /// The duration, in seconds.
    pub duration_seconds: f64,
    /// The loudest sample, in dBFS.
    pub peak_dbfs: f64,
    /// The root mean square, in dBFS.
    pub rms_dbfs: f64,
    /// The share of samples at full scale, from 0 to 1.
    pub clipped_ratio: f64,
    /// The duration of all speech, short gaps included, in seconds.
    pub speech_seconds: f64,
    /// The silence before the user's first speech, in seconds; the whole duration if there is no
    /// speech.
    pub leading_silence_seconds: f64,
    /// The silence after the user's last speech, in seconds.
    pub trailing_silence_seconds: f64,
    rate: u32,
    samples: usize,
    speech: Vec<SampleRange>,
    speaker: SampleRange,
    loudness: Vec<u8>,
}

impl AudioAnalysis {
    /// The sample rate of the analyzed samples, in Hz.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// The ranges with speech, in order.
    pub fn speech(&self) -> &[SampleRange] {
        &self.speech
    }

    /// The loudness of each frame; see [`SpeechActivity`].
    pub fn loudness(&self) -> &[u8] {
        &self.loudness
    }

    /// Returns the range that trimming leaves: from the user's first speech to the last, and
    /// [`TRIM_MARGIN_SECONDS`] on each side. A recording without speech stays whole.
    pub fn trimmed_range(&self) -> SampleRange {
        let margin = (TRIM_MARGIN_SECONDS * f64::from(self.rate)) as usize;
        if self.speech.is_empty() {
            return self.whole();
        }
        SampleRange {
            start: self.speaker.start.saturating_sub(margin),
            end: (self.speaker.end + margin).min(self.samples),
        }
    }

    /// The range of the whole recording.
    pub fn whole(&self) -> SampleRange {
        SampleRange {
            start: 0,
            end: self.samples,
        }
    }

    /// Returns the analysis of the recording that is cut to `kept`. Levels stay those of the whole,
    /// because only silence is cut off.
    pub fn trimmed(mut self, kept: SampleRange) -> Self {
        let seconds = |samples: usize| samples as f64 / f64::from(self.rate);
        self.leading_silence_seconds -= seconds(kept.start);
        self.trailing_silence_seconds -= seconds(self.samples - kept.end);
        self.duration_seconds = seconds(kept.end - kept.start);
        self
    }

    /// The duration before anything was cut off, in seconds.
    pub fn source_duration_seconds(&self) -> f64 {
        self.samples as f64 / f64::from(self.rate)
    }

    /// Returns what the user should improve, as literals of the field `warnings`.
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

    /// Returns the level of the speech alone. The silence around it adds next to no power.
    fn speech_rms_dbfs(&self) -> f64 {
        let share = self.speech_seconds * f64::from(self.rate) / self.samples.max(1) as f64;
        self.rms_dbfs - 10.0 * share.clamp(1e-6, 1.0).log10()
    }
}

/// True if a recording that ran for `elapsed_seconds` has lost its end, so that only
/// `decoded_seconds` are left. Decoders take a file without its end for a shorter one.
pub fn is_end_missing(decoded_seconds: f64, elapsed_seconds: f64) -> bool {
    decoded_seconds + LATENCY_SECONDS < elapsed_seconds * COMPLETE_SHARE
}

/// The longest part of a file that may be missing without a warning, in seconds: rounding in
/// containers, and one or two packets of 20 ms.
const UNNOTICED_SECONDS: f64 = 0.1;

/// True if so much is missing of what a file promises that the caller has to know: a short word
/// takes 0.15 s. `missing_seconds` is infinite if a file ends in the middle and does not say how
/// long it was.
pub fn is_truncated(missing_seconds: f64) -> bool {
    missing_seconds > UNNOTICED_SECONDS
}
