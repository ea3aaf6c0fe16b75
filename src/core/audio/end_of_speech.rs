//! Detects, while a recording runs, that the user has finished speaking.
//!
//! The [voice activity detector](super::vad) looks at a whole recording. Here, the rest of the
//! recording is not known yet. A frame counts as speech if a [band](super::frames) exceeds its
//! noise floor and the frame is about as loud as the user has been: in a quiet room, a neighbor
//! exceeds the floor too.

use std::cell::Cell;

use crate::core::audio::frames::{BANDS, FRAME_SECONDS, Frame, Framer, dbfs};

/// The distance of speech from the noise floor, in dB; noise alone varies by less.
const STANDS_OUT_DB: f64 = 9.0;
/// The rise of the floor in each louder frame, in dB: vowels are held for seconds. The floor falls
/// to the level of any quieter frame at once.
const FLOOR_RISE_DB: f64 = 0.06;
/// The fall of the floor in each frame of zeros, in dB. A microphone that warms up delivers zeros,
/// and later a noise gate leaves zeros where there is silence.
const FLOOR_FALL_DB: f64 = 1.0;
/// The level below which nothing is speech, in dBFS.
const INAUDIBLE_DBFS: f64 = -70.0;
/// The levels that decide how much evidence a frame is, in dBFS. One frame above the first is
/// enough to know that the user has spoken. It takes three above the second, and fifteen below:
/// noises of a quiet room sound like speech, and a neighbor may speak first.
const LOUD_DBFS: f64 = -45.0;
const FAINT_DBFS: f64 = -58.0;
const SPOKEN_EVIDENCE: u32 = 15;
/// The evidence from which the user's level is known: three times as much.
const LEVEL_EVIDENCE: u32 = 45;
/// The shortest sound that is not a click, in frames: 0.1 s.
const SHORTEST_FRAMES: u32 = 5;

/// The number of loudest frames that are known. The user is as loud as the quietest of them, so
/// that a slammed door, which dies away sooner, does not count as the user.
const LOUD_FRAMES: usize = 6;
/// The distance from which quieter voices are those of others, in dB. A voice 20 dB below the user
/// has syllables that are not as far below the user's weaker ones.
const OTHERS_DB: f64 = 14.0;
/// The speed at which the user's level is forgotten, in dB per frame, while frames follow that are
/// at most [`FADING_DB`] below. A user who trails off stays the user.
const FORGOTTEN_DB: f64 = 0.06;
const FADING_DB: f64 = 8.0;
/// The number of frames with weaker sound after the user's voice that are not silence: final
/// consonants, and words that trail off. 0.3 s.
const WEAK_FRAMES: u32 = 15;

/// The longest time without samples that is not a gap, in seconds: clocks of audio devices and of
/// pages differ, and timers are late.
const JITTER_SECONDS: f64 = 0.1;
/// The silence from which a gap between words is a pause, in seconds.
const PAUSE_SECONDS: f64 = 0.3;

/// Detects the end of speech in a running recording.
#[derive(Debug)]
pub struct EndOfSpeechDetector {
    silence_limit_seconds: f64,
    rate: u32,
    framer: Framer,
    /// The noise floor of each band plus [`STANDS_OUT_DB`].
    thresholds_dbfs: [f64; BANDS],
    loud_dbfs: [f64; LOUD_FRAMES],
    /// The number of frames with speech less the number without, up to [`SHORTEST_FRAMES`].
    speaking: u32,
    /// The evidence that the user has spoken.
    evidence: u32,
    weak: u32,
    silent_seconds: f64,
}

impl EndOfSpeechDetector {
    /// Creates a detector that waits for `silence_limit_seconds` of silence after speech, for audio at
    /// `rate` Hz.
    pub fn new(silence_limit_seconds: f64, rate: u32) -> Self {
        EndOfSpeechDetector {
            silence_limit_seconds,
            rate,
            framer: Framer::new(rate),
            thresholds_dbfs: [STANDS_OUT_DB; BANDS],
            loud_dbfs: [f64::NEG_INFINITY; LOUD_FRAMES],
            speaking: 0,
            evidence: 0,
            weak: 0,
            silent_seconds: 0.0,
        }
    }

    /// Returns true if the user has finished speaking, now that another `seconds` have passed, of
    /// which these samples are the last. In a hidden tab, timers are too slow to deliver all
    /// samples. NaN if no samples were missed.
    pub fn push(&mut self, samples: &[f32], seconds: f64) -> bool {
        let missed_seconds = seconds - samples.len() as f64 / f64::from(self.rate);
        // The missed time counts as silence only within a pause. If the user speaks now, it does
        // not matter.
        if missed_seconds > JITTER_SECONDS && self.silent_seconds > PAUSE_SECONDS {
            self.silent_seconds += missed_seconds;
        }
        let mut frames = Vec::new();
        self.framer.push(samples, &mut frames);
        for frame in frames {
            self.process(frame);
        }
        let has_spoken = self.evidence >= SPOKEN_EVIDENCE;
        // A word that has just begun is not cut off.
        has_spoken && self.speaking == 0 && self.silent_seconds >= self.silence_limit_seconds
    }

    fn process(&mut self, frame: Frame) {
        let level = dbfs(frame.total);
        let is_zero = frame.loudest() == 0;
        for (threshold, &band) in self.thresholds_dbfs.iter_mut().zip(&frame.levels) {
            let followed = if is_zero {
                *threshold - FLOOR_FALL_DB
            } else {
                (dbfs(band) + STANDS_OUT_DB).min(*threshold + FLOOR_RISE_DB)
            };
            *threshold = followed.max(INAUDIBLE_DBFS);
        }
        // The levels are sorted, so the first is the quietest of the loudest frames.
        let [quietest_dbfs, ..] = &mut self.loud_dbfs;
        let speaker_dbfs = *quietest_dbfs;
        if level > speaker_dbfs && frame.is_sustained() {
            *quietest_dbfs = level;
            let levels = Cell::from_mut(&mut self.loud_dbfs[..]).as_slice_of_cells();
            for pair in levels.windows(2) {
                if let [low, high] = pair
                    && low.get() > high.get()
                {
                    low.swap(high);
                }
            }
        }
        let least = if self.evidence >= LEVEL_EVIDENCE {
            speaker_dbfs - OTHERS_DB
        } else {
            f64::NEG_INFINITY
        };
        self.silent_seconds += FRAME_SECONDS;
        if frame.reaches(&self.thresholds_dbfs, least) {
            self.record_speech(level);
            if level >= speaker_dbfs - FADING_DB {
                for loud in &mut self.loud_dbfs {
                    *loud -= FORGOTTEN_DB;
                }
            }
        } else {
            self.speaking = self.speaking.saturating_sub(1);
            if self.weak > 0 && frame.reaches(&self.thresholds_dbfs, f64::NEG_INFINITY) {
                self.weak -= 1;
                self.silent_seconds -= FRAME_SECONDS;
            }
        }
    }

    fn record_speech(&mut self, dbfs: f64) {
        self.speaking = (self.speaking + 1).min(SHORTEST_FRAMES);
        if self.speaking == SHORTEST_FRAMES {
            let more = match dbfs {
                LOUD_DBFS.. => SPOKEN_EVIDENCE,
                FAINT_DBFS.. => SPOKEN_EVIDENCE / 3,
                _ => 1,
            };
            self.evidence = (self.evidence + more).min(LEVEL_EVIDENCE);
            self.silent_seconds = 0.0;
            self.weak = WEAK_FRAMES;
        }
    }
}
